// Light or dark: the address (#dark, #light) wins over what was chosen before, that over the system.
(function () {
  "use strict";
  var root = document.documentElement, key = "osteoflare-theme";
  function stored() { try { return localStorage.getItem(key); } catch (e) { return null; } }
  function fromAddress() {
    var match = /(?:^#|[#&,])(dark|light)\b/.exec(location.hash);
    return match && match[1];
  }
  function apply(theme) { if (theme === "dark" || theme === "light") root.dataset.theme = theme; }
  apply(fromAddress() || stored());
  addEventListener("hashchange", function () { apply(fromAddress()); });
  document.addEventListener("DOMContentLoaded", function () {
    document.getElementById("theme").addEventListener("click", function () {
      var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      apply(dark ? "light" : "dark");
      try { localStorage.setItem(key, root.dataset.theme); } catch (e) { /* a page from a file may have no storage */ }
    });
    var links = {};
    document.querySelectorAll(".bar nav a").forEach(function (a) { links[a.hash.slice(1)] = a; });
    var seen = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        Object.keys(links).forEach(function (id) {
          links[id].classList.toggle("here", id === entry.target.id);
          if (id === entry.target.id) links[id].setAttribute("aria-current", "true"); else links[id].removeAttribute("aria-current");
        });
      });
    }, { rootMargin: "-20% 0px -70% 0px" });
    document.querySelectorAll("main > section").forEach(function (section) { seen.observe(section); });
  });
})();
