#!/usr/bin/env python3
"""Validate exported records with other people's validators.

    pip install fhir.resources phenopackets
    cargo run -p osteoflare -- record convert crates/osteoflare-exchange/corpus/any/full.json -o /tmp/full.fhir.json
    cargo run -p osteoflare -- record convert crates/osteoflare-exchange/corpus/any/full.json -o /tmp/full.phenopacket.json
    python3 xtask/scripts/validate_records.py /tmp/full.fhir.json /tmp/full.phenopacket.json

FHIR bundles go through `fhir.resources` (R4B, whose models of the resources used here are those of R4 with the rules
that JSON Schema cannot say, such as required primitives); phenopackets through the Protobuf schema of GA4GH
(`phenopackets`), and every code must have its prefix among the resources of the metadata.
"""

import json
import sys


def fhir(document):
    from fhir.resources.R4B.bundle import Bundle

    bundle = Bundle.model_validate(document)
    kinds = [entry.resource.__resource_type__ if hasattr(entry.resource, "__resource_type__")
             else type(entry.resource).__name__ for entry in bundle.entry]
    urls = {entry["fullUrl"] for entry in document["entry"]}
    assert len(urls) == len(document["entry"]), "fullUrl is not unique"

    def references(node):
        if isinstance(node, dict):
            if isinstance(node.get("reference"), str):
                yield node["reference"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    dangling = set(references(document["entry"])) - urls
    assert not dangling, f"references to nothing: {sorted(dangling)}"
    return f"{len(kinds)} resources: {', '.join(sorted(set(kinds)))}"


def phenopacket(document):
    from google.protobuf.json_format import MessageToDict, ParseDict
    from phenopackets.schema.v2 import Phenopacket

    message = ParseDict(document, Phenopacket())
    prefixes = {resource["namespacePrefix"] for resource in document["metaData"]["resources"]}

    def codes(node):
        if isinstance(node, dict):
            if set(node) == {"id", "label"}:
                yield node["id"]
            for value in node.values():
                yield from codes(value)
        elif isinstance(node, list):
            for value in node:
                yield from codes(value)

    unknown = {code for code in codes(document) if code.split(":")[0] not in prefixes}
    assert not unknown, f"codes without resource: {sorted(unknown)}"
    assert message.meta_data.created.seconds >= 0 and message.meta_data.created_by
    again = ParseDict(MessageToDict(message), Phenopacket())
    assert again == message, "does not survive Protobuf"
    return f"{len(message.phenotypic_features)} features, {len(message.measurements)} measurements"


def main():
    failed = False
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        lines = path.endswith(("jsonl", "ndjson"))
        for document in map(json.loads, text.splitlines() if lines else [text]):
            try:
                kind = fhir if document.get("resourceType") == "Bundle" else phenopacket
                print(f"{path}: valid, {kind(document)}")
            except Exception as error:
                failed = True
                print(f"{path}: {error}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
