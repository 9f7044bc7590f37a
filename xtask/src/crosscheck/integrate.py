"""Integrates a model with SciPy from event to event, with the semantics of SBML."""

import ctypes

import numpy
from scipy.integrate import DOP853, LSODA, Radau

from sbml_to_c import pointer

METHODS = {"LSODA": LSODA, "Radau": Radau, "DOP853": DOP853}


class Run:
    """A model on its way."""

    def __init__(self, model, method, rtol, atol):
        self.model, self.method, self.rtol, self.atol = model, METHODS[method], rtol, atol
        self.library = model.library
        self.p = model.p0.copy()
        self.a = numpy.zeros(max(1, model.assigned_count))
        self.scratch = numpy.zeros(len(model.states))
        self.flags = numpy.zeros(max(1, len(model.events)), dtype=numpy.int32)
        self.timed = [i for i, e in enumerate(model.events) if e["timed"]]
        self.watched = [i for i, e in enumerate(model.events) if not e["timed"]]
        for i in self.timed:
            getattr(self.library, f"when{i}").restype = ctypes.c_double

    def rates(self, t, x):
        dx = numpy.empty_like(x)
        x = numpy.ascontiguousarray(x)
        self.library.rates(ctypes.c_double(t), pointer(x), pointer(self.p), pointer(self.a), pointer(dx))
        return dx

    def _reads(self, t, x):
        """Assigned variables of the moment, and the arguments that events read."""
        x = numpy.ascontiguousarray(x)
        args = (ctypes.c_double(t), pointer(x), pointer(self.p), pointer(self.a))
        self.library.rates(*args, pointer(self.scratch))
        return x, args

    def triggers(self, t, x):
        x, args = self._reads(t, x)
        self.library.triggers(*args, pointer(self.flags))
        return self.flags.copy()

    def fire(self, events, t, x):
        """Assignments of simultaneous events, all from the values before."""
        x, args = self._reads(t, x)
        changes = []
        for i in events:
            event = self.model.events[i]
            out = numpy.zeros(len(event["changes"]))
            getattr(self.library, f"event{i}")(*args, pointer(out))
            changes += zip(event["targets"], out)
        x = x.copy()
        for place, value in changes:
            array, index = (x if place[0] == "x" else self.p), int(place[2:-1])
            array[index] = value
        return x

    def course(self, days):
        """States on the given days, just before what happens on them."""
        t, x = 0.0, self.model.x0.copy()
        rows, wanted = [], list(days)
        true = numpy.array([e["starts_true"] for e in self.model.events], dtype=bool)
        while True:
            now = self.triggers(t, x)[: len(true)].astype(bool)
            fired = [i for i in range(len(true)) if now[i] and not true[i]]
            true = now
            if fired:
                x = self.fire(fired, t, x)
                continue
            while wanted and wanted[0] <= t:
                rows.append(x.copy())
                wanted.pop(0)
            if not wanted:
                return numpy.array(rows)
            _, args = self._reads(t, x)
            coming = [getattr(self.library, f"when{i}")(*args) for i in self.timed if not true[i]]
            end = min([d for d in coming if d > t] + [wanted[-1]])
            t, x = self._smooth(t, x, end, wanted, rows, true)

    def _smooth(self, t, x, end, wanted, rows, true):
        """Integrates to `end`, or to the first change of a watched trigger to true."""
        solver = self.method(self.rates, t, x, end, rtol=self.rtol, atol=self.atol)
        while solver.status == "running":
            message = solver.step()
            if solver.status == "failed":
                raise RuntimeError(f"day {solver.t}: {message}")
            dense = None
            stop = solver.t
            if self.watched:
                now = self.triggers(solver.t, solver.y)
                risen = [i for i in self.watched if now[i] and not true[i]]
                if risen:
                    dense = solver.dense_output()
                    stop = self._first(dense, solver.t_old, solver.t, risen)
                else:
                    for i in self.watched:
                        true[i] = bool(now[i])
            while wanted and wanted[0] < stop:
                dense = dense or solver.dense_output()
                rows.append(dense(wanted.pop(0)))
            if stop < solver.t:
                return stop, dense(stop)
        return solver.t, solver.y.copy()

    def _first(self, dense, low, high, risen):
        """The moment at which the first of the watched triggers becomes true, found by halving."""
        for _ in range(60):
            middle = 0.5 * (low + high)
            now = self.triggers(middle, dense(middle))
            if any(now[i] for i in risen):
                high = middle
            else:
                low = middle
        return high
