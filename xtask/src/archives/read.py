"""Reads COMBINE archives with libCombine and their SED-ML with libSEDML. Arguments: archives. One JSON object a line."""

import json
import sys

import libcombine
import libsedml


def read(path):
    archive = libcombine.CombineArchive()
    opened = archive.initializeFromArchive(path)
    entries = [archive.getEntry(k) for k in range(archive.getNumEntries())]
    master = archive.getMasterFile()
    document = libsedml.readSedMLFromString(archive.extractEntryToString(master.getLocation()))
    messages = [document.getError(k) for k in range(document.getNumErrors())]
    worst = libsedml.LIBSEDML_SEV_ERROR
    errors = [m for m in messages if m.getSeverity() >= worst]
    # Every model that a task runs must lie in the archive.
    sources = {document.getModel(k).getSource().removeprefix("./") for k in range(document.getNumModels())}
    inside = {entry.getLocation().removeprefix("./") for entry in entries}
    return {
        "opened": bool(opened),
        "entries": len(entries),
        "master": master.getLocation(),
        "format": master.getFormat(),
        "models": sorted(sources),
        "absent": sorted(sources - inside),
        "curves": sum(
            getattr(document.getOutput(k), "getNumCurves", lambda: 0)() for k in range(document.getNumOutputs())
        ),
        "errors": len(errors),
        "warnings": len(messages) - len(errors),
        "first": messages[0].getMessage().strip() if messages else "",
        "program": f"libCombine {libcombine.__version__}, libSEDML {libsedml.__version__}",
    }


for path in sys.argv[1:]:
    try:
        print(json.dumps(read(path)))
    except Exception as error:  # what the libraries say is the answer
        print(json.dumps({"failed": f"{type(error).__name__}: {error}"}))
