// Maps of lesions. data.maps[k]: of = children [first MRI, any MRI]; sites = [site, children at first MRI, on any MRI].
(function () {
  "use strict";
  var steps = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5], when = 0;
  function heat(share) {
    return share <= 0 ? 0 : 1 + steps.filter(function (step) { return share > step + 1e-12; }).length;
  }
  function percent(share) {
    var rounded = Math.round(share * 100);
    if (rounded === 0 && share > 0) return "< 1 %";
    if (rounded === 100 && share < 1) return "> 99 %";
    return rounded + " %";
  }
  var cards = Array.prototype.map.call(document.querySelectorAll("[data-map]"), function (card) {
    var map = osteoflare.data.maps[+card.dataset.map], counts = {};
    map.sites.forEach(function (entry) { counts[entry[0]] = [entry[1], entry[2]]; });
    function share(site) { return map.of[when] && counts[site] ? counts[site][when] / map.of[when] : 0; }
    function remark(site) {
      var count = counts[site] ? counts[site][when] : 0;
      return percent(share(site)) + " · " + count + " of " + map.of[when] + " children";
    }
    function order() {
      return map.sites.filter(function (entry) { return entry[1 + when] > 0; })
        .sort(function (a, b) { return b[1 + when] - a[1 + when] || a[0] - b[0]; })
        .map(function (entry) { return entry[0]; });
    }
    card.querySelectorAll("svg.bones").forEach(function (svg) { osteoflare.listen(svg, remark, order); });
    return function () {
      card.querySelectorAll("use[data-s]").forEach(function (use) {
        use.setAttribute("class", "h" + heat(share(+use.dataset.s)));
      });
      card.querySelectorAll("[data-note]").forEach(function (note) { note.hidden = +note.dataset.note !== when; });
    };
  });
  document.querySelectorAll('#maps input[name="when"]').forEach(function (input) {
    input.addEventListener("change", function () {
      when = +input.value;
      cards.forEach(function (paint) { paint(); });
    });
  });
})();
