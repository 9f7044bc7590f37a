"""Reads an SBML document with libSBML and makes its right-hand side a compiled function.

Independent of the program that wrote the document: nothing but the document is read. Supported is what such models use:
rate rules, assignment rules, events without delay; anything else is an error.
"""

import ctypes
import hashlib
import os
import subprocess

import libsbml
import numpy

CHUNK = 300  # statements per C function: compilers are slow on long ones

BINARY = {
    libsbml.AST_PLUS: "+",
    libsbml.AST_TIMES: "*",
    libsbml.AST_RELATIONAL_GEQ: ">=",
    libsbml.AST_RELATIONAL_GT: ">",
    libsbml.AST_RELATIONAL_LEQ: "<=",
    libsbml.AST_RELATIONAL_LT: "<",
    libsbml.AST_LOGICAL_AND: "&&",
    libsbml.AST_LOGICAL_OR: "||",
}


def names_in(node, found):
    """Identifiers in an expression."""
    if node.getType() == libsbml.AST_NAME:
        found.add(node.getName())
    for i in range(node.getNumChildren()):
        names_in(node.getChild(i), found)
    return found


class Model:
    """A model ready to be integrated."""

    def __init__(self, path, folder):
        document = libsbml.readSBML(path)
        if document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) > 0:
            raise ValueError(f"{path}: {document.getError(0).getMessage()}")
        model = document.getModel()
        if model.getNumReactions() or model.getNumFunctionDefinitions() or model.getNumInitialAssignments():
            raise ValueError(f"{path}: reactions, functions and initial assignments are not supported")
        values = {}
        for c in model.getListOfCompartments():
            values[c.getId()] = c.getSize()
            if c.getSize() != 1.0 or not c.getConstant():
                raise ValueError(f"{path}: compartment {c.getId()} is not of constant size 1")
        for s in model.getListOfSpecies():
            values[s.getId()] = s.getInitialConcentration()
        for p in model.getListOfParameters():
            values[p.getId()] = p.getValue()
        rates, assigned = {}, {}
        for rule in model.getListOfRules():
            if rule.isRate():
                rates[rule.getVariable()] = rule.getMath()
            elif rule.isAssignment():
                assigned[rule.getVariable()] = rule.getMath()
            else:
                raise ValueError(f"{path}: algebraic rules are not supported")
        self.states = list(rates)
        self.held = [v for v in values if v not in rates and v not in assigned]
        order = self._sorted(assigned)
        self.place = {v: f"x[{i}]" for i, v in enumerate(self.states)}
        self.place |= {v: f"p[{i}]" for i, v in enumerate(self.held)}
        self.place |= {v: f"a[{i}]" for i, v in enumerate(order)}
        self.x0 = numpy.array([values[v] for v in self.states])
        self.p0 = numpy.array([values[v] for v in self.held])
        self.events = [self._event(e) for e in model.getListOfEvents()]
        source = self._source(order, assigned, rates)
        self.library = self._compile(source, folder)
        self.assigned_count = len(order)
        self._document = document

    @staticmethod
    def _sorted(assigned):
        """Assigned variables, those that others read first."""
        order, seen = [], set()
        reads = {v: names_in(m, set()) & assigned.keys() for v, m in assigned.items()}
        for start in assigned:
            stack = [(start, False)]
            while stack:
                variable, done = stack.pop()
                if done:
                    order.append(variable)
                elif variable not in seen:
                    seen.add(variable)
                    stack.append((variable, True))
                    stack.extend((other, False) for other in sorted(reads[variable]) if other not in seen)
        return order

    def _event(self, event):
        if event.getDelay() is not None or event.getPriority() is not None:
            raise ValueError(f"event {event.getId()}: delays and priorities are not supported")
        trigger = event.getTrigger()
        changes = [(a.getVariable(), a.getMath()) for a in event.getListOfEventAssignments()]
        return {"trigger": trigger.getMath(), "starts_true": trigger.getInitialValue(), "changes": changes}

    def _c(self, node):
        kind = node.getType()
        children = [node.getChild(i) for i in range(node.getNumChildren())]
        if kind in BINARY:
            return "(" + f" {BINARY[kind]} ".join(self._c(child) for child in children) + ")"
        if kind == libsbml.AST_MINUS:
            inner = [self._c(child) for child in children]
            return f"(-{inner[0]})" if len(inner) == 1 else f"({inner[0]} - {inner[1]})"
        if kind == libsbml.AST_DIVIDE:
            return f"({self._c(children[0])} / {self._c(children[1])})"
        if kind in (libsbml.AST_POWER, libsbml.AST_FUNCTION_POWER):
            return f"pow({self._c(children[0])}, {self._c(children[1])})"
        if kind == libsbml.AST_FUNCTION_ROOT:
            # libSBML always gives the degree first.
            if len(children) == 2 and children[0].getValue() != 2:
                raise ValueError("only square roots are supported")
            return f"sqrt({self._c(children[-1])})"
        if kind == libsbml.AST_FUNCTION_EXP:
            return f"exp({self._c(children[0])})"
        if kind == libsbml.AST_NAME_TIME:
            return "t"
        if kind == libsbml.AST_NAME:
            return self.place[node.getName()]
        if node.isNumber():
            return repr(float(node.getValue()))
        raise ValueError(f"unsupported: {libsbml.formulaToL3String(node)}")

    def _source(self, order, assigned, rates):
        text = ["#include <math.h>"]
        arguments = "double t, const double *x, const double *p, double *a, double *dx"
        statements = [f"{self.place[v]} = {self._c(assigned[v])};" for v in order]
        statements += [f"dx[{i}] = {self._c(rates[v])};" for i, v in enumerate(self.states)]
        calls = []
        for start in range(0, len(statements), CHUNK):
            name = f"part{start // CHUNK}"
            calls.append(f"{name}(t, x, p, a, dx);")
            text.append(f"static void {name}({arguments}) {{\n" + "\n".join(statements[start:start + CHUNK]) + "\n}")
        text.append(f"void rates({arguments}) {{\n" + "\n".join(calls) + "\n}")
        reads = "double t, const double *x, const double *p, const double *a"
        triggers = [f"out[{i}] = {self._c(e['trigger'])};" for i, e in enumerate(self.events)]
        text.append(f"void triggers({reads}, int *out) {{\n" + "\n".join(triggers) + "\n}")
        for i, e in enumerate(self.events):
            e["targets"] = [self.place[v] for v, _ in e["changes"]]
            lines = [f"out[{k}] = {self._c(m)};" for k, (_, m) in enumerate(e["changes"])]
            text.append(f"void event{i}({reads}, double *out) {{\n" + "\n".join(lines) + "\n}")
            # Known beforehand: time >= something that only events change.
            trigger = e["trigger"]
            e["timed"] = (
                trigger.getType() == libsbml.AST_RELATIONAL_GEQ
                and trigger.getChild(0).getType() == libsbml.AST_NAME_TIME
                and all(self.place[n].startswith("p[") for n in names_in(trigger.getChild(1), set()))
            )
            if e["timed"]:
                text.append(f"double when{i}({reads}) {{ return {self._c(trigger.getChild(1))}; }}")
        return "\n".join(text) + "\n"

    @staticmethod
    def _compile(source, folder):
        key = hashlib.sha256(source.encode()).hexdigest()[:16]
        library = os.path.join(folder, f"{key}.so")
        if not os.path.exists(library):
            path = os.path.join(folder, f"{key}.c")
            with open(path, "w", encoding="utf-8") as file:
                file.write(source)
            command = ["cc", "-O1", "-ffp-contract=off", "-shared", "-fPIC", "-o", library, path, "-lm"]
            subprocess.run(command, check=True)
        loaded = ctypes.CDLL(library)
        return loaded


def pointer(array):
    """Address of the numbers of an array."""
    return ctypes.c_void_p(array.ctypes.data)
