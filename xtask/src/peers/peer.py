"""One exported model in one other program. Argument: a job (JSON file).

Job: {"program", "sbml", "folder", "name", "runs": [{"method", "days", "rtol", "atol"}], "columns": [ids], "limit_s"}
Writes one JSON object a line: first {"version", "import_s", "load_s"}, then, for every run,
{"cpu_s", "steps", "peak_mib", "states": [[value or null] of a day]}. All times are CPU times of this process.
"""

import json
import os
import re
import resource
import sys
import time
from xml.etree import ElementTree

import numpy


def peak_mib():
    """Not getrusage: its peak may be that of the program that started this one."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM:"))


def used():
    """CPU seconds of this process and of the compilers it ran."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def pick(columns, names, rows):
    places = {name: i for i, name in enumerate(names)}
    return [[float(row[places[c]]) if c in places else None for c in columns] for row in rows]


# Identifiers that the C++ written by AMICI needs for itself.
RESERVED = ["x0", "x", "xdot", "dx", "sx", "t", "p", "k", "h", "w", "y", "z", "dwdx", "sigmay"]


def renamed(path):
    """A copy of the model without the reserved identifiers."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for name in RESERVED:
        text = text.replace(f'"{name}"', f'"renamed_{name}"')
        text = re.sub(rf"<ci>(\s*){name}(\s*)</ci>", rf"<ci>\1renamed_{name}\2</ci>", text)
    copy = path.removesuffix(".xml") + ".renamed.xml"
    with open(copy, "w", encoding="utf-8") as file:
        file.write(text)
    return copy


class Amici:
    def __init__(self, job):
        import amici
        import amici.sim.sundials as sundials

        self.sundials = sundials
        self.version = amici.__version__
        folder, name = os.path.join(job["folder"], "amici_" + job["name"]), "osteoflare_" + job["name"]
        start = used()
        try:
            module = amici.import_model_module(name, folder)
            with open(os.path.join(folder, "import_s"), encoding="utf-8") as file:
                self.import_s = float(file.read())
        except Exception:
            from amici.importers.sbml import SbmlImporter

            SbmlImporter(renamed(job["sbml"])).sbml2amici(
                name, folder, generate_sensitivity_code=False, compute_conservation_laws=False, simplify=None,
                # Else every state becomes an observable, with derivatives that nobody asked for.
                observation_model=[],
            )
            module = amici.import_model_module(name, folder)
            self.import_s = used() - start
            with open(os.path.join(folder, "import_s"), "w", encoding="utf-8") as file:
                file.write(repr(self.import_s))
        start = used()
        self.model = module.get_model()
        self.load_s = used() - start

    def run(self, job, run):
        self.model.set_timepoints(run["days"])
        solver = self.model.create_solver()
        solver.set_relative_tolerance(run["rtol"])
        solver.set_absolute_tolerance(run["atol"])
        solver.set_max_steps(100_000_000)
        start = time.process_time()
        result = self.sundials.run_simulation(self.model, solver)
        seconds = time.process_time() - start
        if result.status != 0:
            raise RuntimeError(f"status {result.status}")
        names = list(self.model.get_state_ids())
        return seconds, int(result.numsteps[-1]), pick(job["columns"], names, numpy.asarray(result.x))


class RoadRunner:
    import_s = None

    def __init__(self, job):
        import roadrunner

        roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
        self.version = roadrunner.__version__
        start = used()
        self.runner = roadrunner.RoadRunner(job["sbml"])
        self.load_s = used() - start
        species = set(self.runner.model.getFloatingSpeciesIds()) | set(self.runner.model.getBoundarySpeciesIds())
        rules = ElementTree.parse(job["sbml"]).iter("{http://www.sbml.org/sbml/level3/version2/core}rateRule")
        self.names = [rule.get("variable") for rule in rules]
        self.runner.timeCourseSelections = ["time"] + [f"[{n}]" if n in species else n for n in self.names]

    def run(self, job, run):
        self.runner.resetAll()
        integrator = self.runner.getIntegrator()
        integrator.relative_tolerance, integrator.absolute_tolerance = run["rtol"], run["atol"]
        integrator.stiff = run["method"] == "bdf"
        integrator.maximum_num_steps = 10_000_000
        start = time.process_time()
        rows = numpy.array(self.runner.simulate(times=[0.0] + run["days"]))
        return time.process_time() - start, None, pick(job["columns"], self.names, rows[1:, 1:])


class Copasi:
    import_s = None

    def __init__(self, job):
        import basico
        import COPASI

        self.basico = basico
        self.version = COPASI.__version__
        start = used()
        basico.load_model(job["sbml"], remove_user_defined_functions=True)
        self.load_s = used() - start

    def run(self, job, run):
        start = time.process_time()
        table = self.basico.run_time_course(
            values=[0.0] + run["days"], method="deterministic", r_tol=run["rtol"], a_tol=run["atol"],
            max_steps=100_000_000, use_sbml_id=True, update_model=False,
        )
        seconds = time.process_time() - start
        names = [str(c).removeprefix("Values[").removesuffix("]").strip("[]") for c in table.columns]
        return seconds, None, pick(job["columns"], names, table.to_numpy()[1:])


def say(answer):
    print("answer " + json.dumps(answer), flush=True)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    resource.setrlimit(resource.RLIMIT_CPU, (int(job["limit_s"]), int(job["limit_s"])))
    peer = {"AMICI": Amici, "libRoadRunner": RoadRunner, "COPASI": Copasi}[job["program"]](job)
    say({"version": peer.version, "import_s": peer.import_s, "load_s": peer.load_s})
    for run in job["runs"]:
        seconds, steps, states = peer.run(job, run)
        say({"cpu_s": seconds, "steps": steps, "peak_mib": peak_mib(), "states": states})


main()
