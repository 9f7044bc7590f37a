// Filter of the table of published numbers.
(function () {
  "use strict";
  var tools = document.getElementById("evidence-tools");
  if (!tools) return;
  tools.hidden = false;
  var rows = Array.prototype.slice.call(document.querySelectorAll("table.evidence tbody tr"));
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });
  var count = document.getElementById("evidence-count");
  function apply() {
    var verdict = tools.querySelector('input[name="verdict"]:checked').value;
    var topic = document.getElementById("topic").value;
    var words = document.getElementById("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    rows.forEach(function (row, k) {
      var fits = (verdict === "all" || (verdict === "computed" ? row.dataset.v !== "none" : row.dataset.v === verdict)) &&
        (!topic || row.dataset.t === topic) && words.every(function (word) { return texts[k].indexOf(word) >= 0; });
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    count.textContent = shown + " of " + rows.length + " published numbers shown.";
  }
  tools.addEventListener("input", apply);
  apply();
})();
