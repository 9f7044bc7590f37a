// One child over time. data.families[k].chosen[i].lives[j] is child i of family k under plan j:
//   t: days of the moments; crp, temp, foci: the circulation at them;
//   local: runs [{s: site, a: first moment, w: oedema/100, p: pain/10, r: regeneration number/100}];
//   visits: [{d: day, pain, temp, crp, ex: sore sites, mri: lesions}]; drugs: [name, start, stop]; events: [day, kind, site].
(function () {
  "use strict";
  var player = document.getElementById("player");
  if (!player) return;
  var data = osteoflare.data, YEAR = 365.25, SVG = "http://www.w3.org/2000/svg";
  var slider = document.getElementById("when"), play = document.getElementById("play"), arm = document.getElementById("arm");
  var strips = document.getElementById("strips"), now = document.getElementById("now");
  var who = document.getElementById("who"), told = document.getElementById("told");
  var bodies = Array.prototype.slice.call(player.querySelectorAll("svg.bones"));
  var uses = {};
  bodies.forEach(function (svg) {
    svg.querySelectorAll("use[data-s]").forEach(function (use) { (uses[use.dataset.s] = uses[use.dataset.s] || []).push(use); });
  });
  var steps = [0.05, 0.15, 0.25, 0.35, 0.5, 0.7, 0.9, 1.2];
  var family = 0, kid = 0, life = null, states = [], peaks = {}, moment = 0, bone = null, zoom = "all", timer = null, cursor = [];

  function heat(w) { return steps.filter(function (step) { return w > step; }).length; }
  function round(value, digits) { return value.toFixed(digits).replace("-", "\u2212"); }
  function years(days) { return round(days / YEAR, 1); }
  function el(name, attributes, text) {
    var node = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    if (text !== undefined) node.textContent = text;
    return node;
  }
  function last(visits, key, day) {
    var found = null;
    visits.forEach(function (visit) { if (visit[key] !== undefined && visit.d <= day + 1e-6) found = visit; });
    return found;
  }
  function count(n, one, many) { return n + " " + (n === 1 ? one : many); }

  function load(f, i, j, day) {
    family = f; kid = i;
    var chosen = data.families[f].chosen[i];
    j = Math.min(j, chosen.lives.length - 1);
    life = chosen.lives[j];
    player.classList.remove("k0", "k1", "k2", "k3", "k4", "k5");
    player.classList.add(data.families[f].class);
    states = life.t.map(function () { return {}; });
    peaks = {};
    life.local.forEach(function (run) {
      run.w.forEach(function (w, k) {
        states[run.a + k][run.s] = [w / 100, run.p[k] / 10, run.r[k] / 100];
        peaks[run.s] = Math.max(peaks[run.s] || 0, w);
      });
    });
    arm.textContent = "";
    chosen.lives.forEach(function (other, k) {
      var option = document.createElement("option");
      option.value = k; option.textContent = other.label; option.selected = k === j;
      arm.append(option);
    });
    arm.disabled = chosen.lives.length < 2;
    player.querySelectorAll("[data-kid]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.kid === f + "," + i));
    });
    var order = Object.keys(peaks).sort(function (a, b) { return peaks[b] - peaks[a] || a - b; });
    if (bone === null || !(bone in peaks)) bone = order.length ? +order[0] : null;
    who.textContent = (life.female ? "Girl" : "Boy") + ", " + round(life.age, 1) + " years old at the start, child " + life.patient +
      " of \u201c" + data.families[f].label + "\u201d, " + chosen.role + ". " +
      (life.presented === null ? "Never came to the clinic." : "Came to the clinic after " + years(life.presented) + " years.");
    slider.max = Math.max(0, life.t.length - 1);
    draw();
    go(nearest(day));
  }
  function nearest(day) {
    var best = 0;
    life.t.forEach(function (t, k) { if (Math.abs(t - day) < Math.abs(life.t[best] - day)) best = k; });
    return best;
  }

  function go(k) {
    if (!life.t.length) { now.textContent = "No course was stored for this child."; return; }
    moment = Math.max(0, Math.min(life.t.length - 1, k));
    slider.value = moment;
    var day = life.t[moment], state = states[moment];
    Object.keys(uses).forEach(function (site) {
      var name = "h" + (state[site] ? heat(state[site][0]) : 0) + (+site === bone ? " at" : "");
      uses[site].forEach(function (use) { if (use.getAttribute("class") !== name) use.setAttribute("class", name); });
    });
    var mri = last(life.visits, "mri", day), seen = last(life.visits, "ex", day);
    bodies.forEach(function (svg) {
      var marks = svg.querySelector(".marks"), view = svg.dataset.view === "front" ? "f" : "b";
      marks.textContent = "";
      (mri ? mri.mri : []).forEach(function (site) {
        var at = data.sites[site][view];
        if (!at) return;
        marks.append(el("circle", { class: "halo", cx: at[0], cy: at[1], r: 9 }), el("circle", { class: "seen", cx: at[0], cy: at[1], r: 9 }));
      });
      (seen ? seen.ex : []).forEach(function (site) {
        var at = data.sites[site][view];
        if (at) marks.append(el("circle", { class: "sore", cx: at[0], cy: at[1], r: 4.6 }));
      });
    });
    now.textContent = "";
    var bold = document.createElement("b");
    bold.textContent = "Year " + round(day / YEAR, 2) + ", age " + round(life.age + day / YEAR, 1);
    var since = life.presented === null ? "" : day < life.presented - 0.5
      ? ", " + ago(life.presented - day) + " before the presentation"
      : Math.abs(day - life.presented) < 4 ? ", presentation" : ", " + ago(day - life.presented) + " after the presentation";
    now.append(bold, since + " \u00b7 " + count(life.foci[moment], "inflamed site", "inflamed sites") + " \u00b7 CRP " +
      round(life.crp[moment], life.crp[moment] < 10 ? 1 : 0) + "\u00a0mg/L \u00b7 " + round(life.temp[moment], 1) + "\u00a0\u00b0C");
    slider.setAttribute("aria-valuetext", now.textContent);
    var parts = [];
    if (mri) parts.push("Last MRI " + (day - mri.d < 1 ? "now" : ago(day - mri.d) + " ago") + ": " + count(mri.mri.length, "lesion", "lesions"));
    if (seen) {
      parts.push("last examination " + (day - seen.d < 1 ? "now" : ago(day - seen.d) + " ago") + ": " +
        count(seen.ex.length, "sore site", "sore sites") + (seen.pain === undefined ? "" : ", worst pain " + round(seen.pain, 0) + " of 10"));
    }
    if (!parts.length) parts.push("The clinic has not seen this child yet");
    told.textContent = parts.join("; ") + ".";
    cursor.forEach(function (move) { move(day); });
  }
  function ago(days) {
    if (days < 14) return count(Math.round(days), "day", "days");
    if (days < 120) return count(Math.round(days / 7), "week", "weeks");
    if (days < 730) return count(Math.round(days / (YEAR / 12)), "month", "months");
    return years(days) + " years";
  }

  // ------------------------------------------------------------------------------------------------------- strips
  function ticks(low, high) {
    var raw = (high - low) / 2, size = Math.pow(10, Math.floor(Math.log10(raw)));
    var step = [1, 2, 5, 10].map(function (k) { return k * size; }).find(function (s) { return s >= raw * 0.999; });
    var marks = [], top = low + Math.ceil((high - low) / step - 1e-9) * step;
    for (var value = low; value <= top + 1e-9; value += step) marks.push(+value.toFixed(6));
    return marks;
  }
  function draw() {
    strips.textContent = "";
    cursor = [];
    if (!life.t.length) return;
    var width = Math.max(300, strips.clientWidth || 640), left = 38, right = 10, y = 4;
    var from = 0, to = life.until || data.horizon;
    if (zoom === "near") {
      var start = life.presented === null ? 0 : life.presented;
      from = Math.max(0, start - 60); to = Math.min(life.until, start + 365);
    }
    var x = function (day) { return left + (day - from) / (to - from) * (width - left - right); };
    var inside = function (day) { return day >= from - 1e-6 && day <= to + 1e-6; };
    var svg = el("svg", { role: "img", "aria-label": "Course of the chosen child: inflamed sites, C-reactive protein, pain, temperature, chosen bone and drugs over time" });
    var clip = el("clipPath", { id: "strip-clip" });
    svg.append(clip);

    function strip(title, unit, height, low, high, body) {
      var marks = ticks(low, high), top = marks[marks.length - 1];
      var base = y + 18 + height;
      var scale = function (value) { return base - (Math.max(low, Math.min(top, value)) - low) / (top - low) * height; };
      var head = el("text", { class: "title", x: left, y: y + 11 });
      head.append(title, el("tspan", { class: "unit" }, "  " + (width < 520 ? unit[0] : unit.join(""))));
      svg.append(head);
      marks.forEach(function (mark) {
        svg.append(el("line", { class: mark === low ? "ax" : "grid", x1: left, x2: width - right, y1: scale(mark), y2: scale(mark) }));
        svg.append(el("text", { class: "tick", x: left - 5, y: scale(mark) + 3.5, "text-anchor": "end" }, String(mark).replace("-", "\u2212")));
      });
      var group = el("g", { "clip-path": "url(#strip-clip)" });
      svg.append(group);
      body(group, scale, base);
      y = base + 9;
    }
    function path(group, name, values, scale) {
      var text = "", pen = false;
      values.forEach(function (value, k) {
        if (value === null) { pen = false; return; }
        text += (pen ? "L" : "M") + x(life.t[k]).toFixed(1) + " " + scale(value).toFixed(1);
        pen = true;
      });
      if (text) group.append(el("path", { class: name, d: text }));
    }
    function dots(group, key, scale, value) {
      life.visits.forEach(function (visit) {
        if (visit[key] === undefined || !inside(visit.d)) return;
        group.append(el("circle", { class: "measured", cx: x(visit.d).toFixed(1), cy: scale(value(visit)).toFixed(1), r: 2.6 }));
      });
    }
    var most = function (values, least) { return values.reduce(function (a, b) { return Math.max(a, b); }, least); };
    var mris = life.visits.filter(function (visit) { return visit.mri; }).map(function (visit) { return visit.mri.length; });
    strip("Inflamed sites", ["", "true (area), lesions on MRI (rings)"], 54, 0, Math.max(2, most(life.foci.concat(mris), 2)), function (group, scale, base) {
      var text = "M" + x(life.t[0]).toFixed(1) + " " + base;
      life.foci.forEach(function (n, k) {
        text += (k ? "H" + x(life.t[k]).toFixed(1) : "") + "V" + scale(n).toFixed(1);
      });
      text += "V" + base + "Z";
      group.append(el("path", { class: "area", d: text }));
      dots(group, "mri", scale, function (visit) { return visit.mri.length; });
    });
    var crps = life.crp.concat(life.visits.map(function (visit) { return visit.crp || 0; }));
    strip("C-reactive protein", ["mg/L", ", true (line), measured (rings)"], 48, 0, most(crps, 10), function (group, scale) {
      path(group, "trace", life.crp, scale);
      dots(group, "crp", scale, function (visit) { return visit.crp; });
    });
    var pains = states.map(function (state) {
      return Object.keys(state).reduce(function (worst, site) { return Math.max(worst, state[site][1]); }, 0);
    });
    strip("Worst pain", ["0\u201310", ", true (line), told (rings)"], 40, 0, 10, function (group, scale) {
      path(group, "trace", pains, scale);
      dots(group, "pain", scale, function (visit) { return visit.pain; });
    });
    var hottest = most(life.temp.concat(life.visits.map(function (visit) { return visit.temp || 0; })), 38);
    strip("Temperature", ["\u00b0C", ", true (line), measured (rings)"], 36, 36, Math.ceil(hottest), function (group, scale) {
      path(group, "trace", life.temp, scale);
      dots(group, "temp", scale, function (visit) { return visit.temp; });
    });
    if (bone !== null) {
      var of = states.map(function (state) { return state[bone] || null; });
      var rs = of.map(function (state) { return state && state[2]; }), w = of.map(function (state) { return state && state[0]; });
      var high = most(rs.concat(w).filter(function (v) { return v !== null; }), 1.2);
      strip("R\u209b of " + data.sites[bone].n, ["", "line; oedema dashed"], 52, 0, high, function (group, scale) {
        group.append(el("line", { class: "limit", x1: left, x2: width - right, y1: scale(1), y2: scale(1) }));
        path(group, "second", w, scale);
        path(group, "trace", rs, scale);
      });
    }
    var plots = y - 6;
    if (life.drugs.length) {
      svg.append(el("text", { class: "title", x: left, y: y + 11 }, "Drugs"));
      y += 17;
      var rows = {};
      life.drugs.forEach(function (drug) {
        var row = drug[0] in rows ? rows[drug[0]] : (rows[drug[0]] = Object.keys(rows).length);
        var begin = Math.max(from, drug[1]), end = Math.min(to, drug[2] === null ? life.until : drug[2]);
        if (end < begin) return;
        svg.append(el("rect", { class: "pill", x: x(begin), y: y + row * 19, width: Math.max(2, x(end) - x(begin)), height: 5, rx: 2 }));
        var late = x(begin) > width * 0.7;
        svg.append(el("text", { class: "pilltext", x: late ? width - right : x(begin), y: y + row * 19 + 14, "text-anchor": late ? "end" : "start" }, drug[0]));
      });
      y += Object.keys(rows).length * 19 + 4;
    }
    if (life.presented !== null && inside(life.presented)) {
      svg.append(el("line", { class: "mark", x1: x(life.presented), x2: x(life.presented), y1: 18, y2: plots }));
    }
    life.events.forEach(function (event) {
      if (!inside(event[0]) || (event[1] !== "remission" && event[1] !== "relapse")) return;
      var flag = el("text", { class: "flag", x: x(event[0]), y: y + 4, "text-anchor": "middle" }, event[1] === "relapse" ? "\u25b2" : "\u25bd");
      flag.append(el("title", {}, event[1] + ", year " + years(event[0])));
      svg.append(flag);
    });
    if (life.events.some(function (event) { return event[1] === "relapse" || event[1] === "remission"; })) y += 12;
    var span = (to - from) / YEAR, step = span > 6 ? 1 : span > 2 ? 0.5 : 0.25;
    for (var year = Math.ceil(from / YEAR / step) * step; year <= to / YEAR + 1e-9; year += step) {
      svg.append(el("text", { class: "tick", x: x(year * YEAR), y: y + 8, "text-anchor": "middle" }, String(+year.toFixed(2))));
    }
    svg.append(el("text", { class: "axis", x: width - right, y: y + 22, "text-anchor": "end" }, "years since the start"));
    y += 28;
    clip.append(el("rect", { x: left - 4, y: 0, width: width - left - right + 8, height: y }));
    var line = el("line", { class: "cursor", y1: 14, y2: plots });
    svg.append(line);
    cursor.push(function (day) {
      var place = Math.max(left, Math.min(width - right, x(day)));
      line.setAttribute("x1", place); line.setAttribute("x2", place);
    });
    svg.setAttribute("viewBox", "0 0 " + width + " " + y);
    function drag(event) {
      var box = svg.getBoundingClientRect();
      go(nearest(from + ((event.clientX - box.left) / box.width * width - left) / (width - left - right) * (to - from)));
    }
    svg.addEventListener("pointerdown", function (event) { stop(); svg.setPointerCapture(event.pointerId); drag(event); });
    svg.addEventListener("pointermove", function (event) { if (event.buttons & 1) drag(event); });
    strips.append(svg);
    if (life.t[moment] !== undefined) cursor.forEach(function (move) { move(life.t[moment]); });
  }

  // ------------------------------------------------------------------------------------------------------- control
  function stop() {
    clearInterval(timer); timer = null;
    play.classList.remove("on"); play.setAttribute("aria-label", "Play");
  }
  play.addEventListener("click", function () {
    if (timer) { stop(); return; }
    if (moment >= life.t.length - 1) go(0);
    play.classList.add("on"); play.setAttribute("aria-label", "Pause");
    timer = setInterval(function () { if (moment >= life.t.length - 1) stop(); else go(moment + 1); }, 90);
  });
  slider.addEventListener("input", function () { stop(); go(+slider.value); });
  arm.addEventListener("change", function () { load(family, kid, +arm.value, life.t[moment] || 0); });
  player.querySelectorAll("[data-kid]").forEach(function (button) {
    button.addEventListener("click", function () {
      stop();
      var place = button.dataset.kid.split(",");
      bone = null;
      open(+place[0], +place[1]);
    });
  });
  player.querySelectorAll('input[name="zoom"]').forEach(function (input) {
    input.addEventListener("change", function () { zoom = input.value; draw(); });
  });
  function remark(site) {
    var state = states[moment] && states[moment][site];
    if (!state) return "at rest";
    return "oedema " + round(state[0], 2) + " \u00b7 pain " + round(state[1], 1) + " of 10 \u00b7 R\u209b " + round(state[2], 2);
  }
  function order() {
    var state = states[moment] || {};
    return Object.keys(state).map(Number).sort(function (a, b) { return state[b][0] - state[a][0] || a - b; });
  }
  bodies.forEach(function (svg) {
    osteoflare.listen(svg, remark, order, function (site) { bone = site; draw(); go(moment); });
  });
  function open(f, i) {
    var first = data.families[f].chosen[i].lives[0];
    load(f, i, 0, first.presented === null ? 0 : first.presented);
  }
  var width = 0;
  addEventListener("resize", function () {
    if (strips.clientWidth !== width) { width = strips.clientWidth; draw(); }
  });
  addEventListener("beforeprint", stop);

  // The first child shown is the one with the most inflamed sites among the first of each family.
  var best = null, peak = -1;
  data.families.forEach(function (family, f) {
    family.chosen.forEach(function (chosen, i) {
      if (i > 0 || !chosen.lives.length) return;
      var foci = Math.max.apply(null, chosen.lives[0].foci.concat(0));
      if (foci > peak) { peak = foci; best = [f, i]; }
    });
  });
  if (best) open(best[0], best[1]);
})();
