"""Runs exported models in other programs. Argument: a job file (JSON), or `check` and a model to be checked by libSBML.
Writes one CSV of states per route.

Job: {"folder", "models": [{"name", "sbml", "days", "routes": [{"route", "rtol", "atol"}], "columns": null or [ids]}]}
Routes of one job file belong to one program. Report on standard output, one JSON object a line: {"model", "route", "program", "seconds", "error"}.
"""

import json
import os
import sys
import time
from xml.etree import ElementTree

import numpy


def write(path, days, columns, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.write("day," + ",".join(columns) + "\n")
        for day, row in zip(days, rows):
            file.write(repr(float(day)) + "," + ",".join(repr(float(v)) for v in row) + "\n")


def scipy_route(job, route, folder):
    import scipy
    from integrate import Run
    from sbml_to_c import Model

    start = time.process_time()
    model = Model(job["sbml"], folder)
    loaded = time.process_time()
    run = Run(model, route["route"], route["rtol"], route["atol"])
    rows = run.course(job["days"])
    used = time.process_time()
    return f"SciPy {scipy.__version__} {route['route']}", model.states, rows, loaded - start, used - loaded


def roadrunner_route(job, route, _folder):
    import roadrunner

    roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
    start = time.process_time()
    runner = roadrunner.RoadRunner(job["sbml"])
    loaded = time.process_time()
    integrator = runner.getIntegrator()
    integrator.relative_tolerance = route["rtol"]
    integrator.absolute_tolerance = route["atol"]
    integrator.maximum_num_steps = 10_000_000
    integrator.stiff = route["route"] == "RoadRunner"
    # Not by libSBML: it and libRoadRunner do not live together in one process.
    rules = ElementTree.parse(job["sbml"]).iter("{http://www.sbml.org/sbml/level3/version2/core}rateRule")
    states = [rule.get("variable") for rule in rules]
    species = set(runner.model.getFloatingSpeciesIds()) | set(runner.model.getBoundarySpeciesIds())
    runner.timeCourseSelections = ["time"] + [f"[{s}]" if s in species else s for s in states]
    result = numpy.array(runner.simulate(times=[0.0] + list(job["days"])))
    used = time.process_time()
    method = "CVODE BDF" if integrator.stiff else "CVODE Adams"
    return f"libRoadRunner {roadrunner.__version__} {method}", states, result[1:, 1:], loaded - start, used - loaded


def check(path):
    """Errors and warnings of libSBML's consistency check, units included."""
    import libsbml

    document = libsbml.readSBML(path)
    document.checkConsistency()
    counts = {"errors": 0, "warnings": 0}
    for i in range(document.getNumErrors()):
        error = document.getError(i)
        worse = error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR
        counts["errors" if worse else "warnings"] += 1
        counts.setdefault("first", error.getMessage())
    return counts | {"program": f"libSBML {libsbml.getLibSBMLDottedVersion()}"}


def main():
    if sys.argv[1] == "check":
        print(json.dumps(check(sys.argv[2])))
        return
    with open(sys.argv[1], encoding="utf-8") as file:
        jobs = json.load(file)
    folder = jobs["folder"]
    for job in jobs["models"]:
        for route in job["routes"]:
            report = {"model": job["name"], "route": route["route"], "program": None, "error": None}
            try:
                work = roadrunner_route if route["route"].startswith("RoadRunner") else scipy_route
                program, columns, rows, loading, running = work(job, route, folder)
                if job.get("columns"):
                    keep = [columns.index(c) for c in job["columns"]]
                    columns, rows = job["columns"], rows[:, keep]
                name = f"{job['name']}.{route['route']}.csv"
                write(os.path.join(folder, name), job["days"], columns, rows)
                report |= {"program": program, "loading_s": loading, "running_s": running}
            except Exception as error:  # one failure must not hide the others
                report["error"] = f"{type(error).__name__}: {error}"
            print(json.dumps(report), flush=True)


main()
