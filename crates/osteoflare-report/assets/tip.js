// The data of the page, and one tip for all drawings: a name, then a remark. Text only, never markup.
var osteoflare = (function () {
  "use strict";
  var data = JSON.parse(document.getElementById("osteoflare-data").textContent);
  var box = document.getElementById("tip");
  function show(name, remark, x, y) {
    box.textContent = "";
    var bold = document.createElement("b");
    bold.textContent = name;
    box.append(bold, remark);
    box.hidden = false;
    var width = box.offsetWidth, height = box.offsetHeight;
    box.style.left = Math.max(6, Math.min(innerWidth - width - 6, x + 14)) + "px";
    box.style.top = (y + 18 + height > innerHeight ? Math.max(6, y - height - 10) : y + 18) + "px";
  }
  function hide() { box.hidden = true; }
  addEventListener("scroll", hide, { passive: true });
  addEventListener("keydown", function (event) { if (event.key === "Escape") hide(); });

  // Makes a skeleton answer to pointer, touch and arrow keys. `remark(site)` tells what to say, `order()` lists the
  // sites that the arrow keys visit, `choose(site)` is called on click and Enter.
  function listen(svg, remark, order, choose) {
    var at = null;
    function mark(site) {
      svg.querySelectorAll("use.at").forEach(function (use) { use.classList.remove("at"); });
      at = site;
      var use = site === null ? null : svg.querySelector('use[data-s="' + site + '"]');
      if (use) use.classList.add("at");
      return use;
    }
    function site(target) { return target.dataset && target.dataset.s !== undefined ? +target.dataset.s : null; }
    svg.addEventListener("pointermove", function (event) {
      var s = site(event.target);
      if (s === null) { hide(); return; }
      show(data.sites[s].n, remark(s), event.clientX, event.clientY);
    });
    svg.addEventListener("pointerleave", hide);
    svg.addEventListener("click", function (event) {
      var s = site(event.target);
      if (s === null) return;
      show(data.sites[s].n, remark(s), event.clientX, event.clientY);
      if (choose) choose(s);
    });
    svg.addEventListener("blur", function () { mark(null); hide(); });
    svg.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Enter" && at !== null && choose) { choose(at); return; }
      if (!step) return;
      event.preventDefault();
      var sites = order().filter(function (s) { return svg.querySelector('use[data-s="' + s + '"]'); });
      if (!sites.length) { show("No lesion here", "", svg.getBoundingClientRect().left, svg.getBoundingClientRect().top); return; }
      var place = at === null ? (step > 0 ? -1 : 0) : sites.indexOf(at);
      var next = sites[(place + step + sites.length) % sites.length];
      var use = mark(next), rect = use.getBoundingClientRect();
      show(data.sites[next].n, remark(next), rect.right, rect.bottom);
    });
  }
  return { data: data, show: show, hide: hide, listen: listen };
})();
