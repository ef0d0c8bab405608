
"use strict";
// The table of records: filter, sort, pages. Texts are strangers' and go into
// the page as text only; what becomes a link is http or https.
(() => {
  const perPage = 100;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const none = 0, duplicate = 1, unknown = 2; // places in data.verdicts; ok is 0

  // A text that came before in its column is the number of its row.
  const shared = (column) => (i) => {
    const v = data[column][i];
    return typeof v === "number" ? data[column][v] : v;
  };
  const path = shared("path"), final = shared("final"), text = shared("text");
  const url = (i) => data.origins[data.origin[i]] + path(i);
  const hosts = data.origins.map((o) => o.slice(o.indexOf("://") + 3).toLowerCase());
  const failed = (i) => data.verdict[i] >= unknown;

  const bytes = (n) => {
    if (n < 0) return "";
    if (n < 1024) return n + " B";
    let unit = -1;
    do { n /= 1024; unit++; } while (n >= 1023.5);
    return n.toFixed(n < 9.95 ? 1 : 0) + " " + "KMGTPE"[unit] + "iB";
  };
  const span = (us) => {
    if (us <= 0) return "";
    if (us < 9995) return (us / 1e3).toFixed(2) + " ms";
    if (us < 999500) return (us / 1e3).toFixed(us < 99950 ? 1 : 0) + " ms";
    const s = us / 1e6;
    return s < 59.95 ? s.toFixed(s < 9.995 ? 2 : 1) + " s" : Math.floor(s / 60) + " min " + String(Math.floor(s % 60)).padStart(2, "0") + " s";
  };
  const count = (n) => n.toLocaleString("en");

  let rows = [];            // the numbers of those that the filter lets through
  let page = 0;
  let sort = { by: "", up: true };
  let haystack = null;      // what the text filter searches, made at its first use

  const values = {
    index: (i) => data.index[i], status: (i) => data.status[i], size: (i) => data.size[i], time: (i) => data.time[i],
    verdict: (i) => data.verdicts[data.verdict[i]], type: (i) => data.types[data.type[i]],
    url: (i) => url(i), text: (i) => text(i).toLowerCase(),
  };

  function sorted(list) {
    if (sort.by === "") return list;
    const key = new Array(data.rows);
    for (const i of list) key[i] = values[sort.by](i);
    const way = sort.up ? 1 : -1;
    return list.sort((a, b) => (key[a] < key[b] ? -way : key[a] > key[b] ? way : a - b));
  }

  function filter() {
    const words = byId("f-text").value.toLowerCase().split(/\s+/).filter(Boolean);
    const host = byId("f-host").value.trim().toLowerCase();
    const status = byId("f-status").value, verdict = byId("f-verdict").value;
    if (words.length > 0 && haystack === null) {
      haystack = [];
      for (let i = 0; i < data.rows; i++) haystack.push((url(i) + "\n" + final(i) + "\n" + text(i)).toLowerCase());
    }
    const atHost = hosts.map((h) => h.includes(host));
    const list = [];
    for (let i = 0; i < data.rows; i++) {
      if (host !== "" && !atHost[data.origin[i]]) continue;
      if (status.length === 1 && Math.floor(data.status[i] / 100) !== Number(status)) continue;
      if (status.length > 1 && data.status[i] !== Number(status)) continue;
      if (verdict === "failed" ? !failed(i) : verdict !== "" && data.verdict[i] !== Number(verdict)) continue;
      if (!words.every((w) => haystack[i].includes(w))) continue;
      list.push(i);
    }
    rows = sorted(list);
    page = 0;
    show();
  }

  function cell(tr, content, kind) {
    const td = tr.appendChild(document.createElement("td"));
    td.className = kind;
    if (typeof content === "string") td.textContent = content;
    else td.append(...content);
    return td;
  }

  function link(address) {
    if (!/^https?:\/\//.test(address)) return document.createTextNode(address);
    const a = document.createElement("a");
    a.href = address;
    a.textContent = address;
    a.target = "_blank";
    a.rel = "noopener noreferrer";
    return a;
  }

  function show() {
    const from = page * perPage, to = Math.min(rows.length, from + perPage);
    const pages = Math.max(1, Math.ceil(rows.length / perPage));
    const body = document.createDocumentFragment();
    for (const i of rows.slice(from, to)) {
      const tr = body.appendChild(document.createElement("tr"));
      cell(tr, data.index[i] < 0 ? "" : String(data.index[i]), "n opt");
      cell(tr, data.status[i] === none ? "" : String(data.status[i]), "n");
      cell(tr, data.verdicts[data.verdict[i]], failed(i) ? "v bad" : "v");
      cell(tr, final(i) === "" ? [link(url(i))] : [link(url(i)), " → ", link(final(i))], "long");
      cell(tr, text(i), "long");
      cell(tr, data.types[data.type[i]], "opt");
      cell(tr, bytes(data.size[i]), "n");
      cell(tr, span(data.time[i]), "n");
    }
    byId("rows").replaceChildren(body);
    tell(byId("table"));
    byId("shown").textContent = rows.length === 0 ? "No record is like that." :
      count(from + 1) + "–" + count(to) + " of " + count(rows.length) + (rows.length === 1 ? " record" : " records") +
      (rows.length < data.rows ? " (" + count(data.rows) + " in all)" : "");
    byId("where").textContent = "Page " + count(page + 1) + " of " + count(pages);
    for (const b of byId("pager").querySelectorAll("button")) {
      const back = b.dataset.go === "first" || b.dataset.go === "back";
      b.disabled = back ? page === 0 : page >= pages - 1;
    }
    for (const th of byId("table").tHead.rows[0].cells) {
      if (th.firstElementChild.dataset.sort === sort.by) th.setAttribute("aria-sort", sort.up ? "ascending" : "descending");
      else th.removeAttribute("aria-sort");
    }
  }

  function option(select, value, name) {
    const o = select.appendChild(document.createElement("option"));
    o.value = value;
    o.textContent = name;
  }

  function fill() {
    const statuses = [...new Set(data.status)].filter((s) => s !== none).sort((a, b) => a - b);
    const status = byId("f-status");
    option(status, "", "any");
    for (const c of [...new Set(statuses.map((s) => Math.floor(s / 100)))]) {
      if (c < 10) option(status, String(c), c + "xx");
    }
    for (const s of statuses) option(status, s < 10 ? "00" + s : String(s), String(s));
    option(status, "00", "none");
    const verdict = byId("f-verdict");
    option(verdict, "", "any");
    option(verdict, "0", "ok");
    option(verdict, "failed", "failed");
    option(verdict, String(duplicate), "duplicate");
    for (let k = unknown; k < data.verdicts.length; k++) {
      option(verdict, String(k), k === unknown ? "without a kind" : data.verdicts[k]);
    }
  }

  // A number of the page above leads to its records.
  function pick(event) {
    const a = event.target.closest("a.pick");
    if (a === null) return;
    byId("filter").reset();
    if ("host" in a.dataset) byId("f-host").value = a.dataset.host;
    if ("failed" in a.dataset) byId("f-verdict").value = "failed";
    if ("status" in a.dataset) byId("f-status").value = a.dataset.status.padStart(2, "0");
    if ("verdict" in a.dataset) {
      const at = data.verdicts.indexOf(a.dataset.verdict, unknown + 1);
      byId("f-verdict").value = String(a.dataset.verdict === "" || at < 0 ? unknown : at);
    }
    filter();
  }

  let typing = 0;
  byId("filter").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(filter, 120);
  });
  byId("filter").addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  byId("filter").addEventListener("reset", () => { setTimeout(filter, 0); });
  document.addEventListener("click", pick);
  byId("table").tHead.addEventListener("click", (event) => {
    const by = event.target.closest("button")?.dataset.sort;
    if (by === undefined) return;
    const numeric = by === "size" || by === "time"; // the largest ones are looked for
    sort = sort.by === by ? { by, up: !sort.up } : { by, up: !numeric };
    rows = sorted(rows);
    page = 0;
    show();
  });
  byId("pager").addEventListener("click", (event) => {
    const last = Math.max(0, Math.ceil(rows.length / perPage) - 1);
    const go = { first: 0, back: Math.max(0, page - 1), next: Math.min(last, page + 1), last };
    const to = go[event.target.dataset.go];
    if (to === undefined) return;
    page = to;
    show();
    byId("shown").scrollIntoView({ block: "nearest" });
  });

  // A table whose rows are drawn as blocks is none to some screen readers, unless
  // it says so.
  const roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
  function tell(table) {
    for (const e of [table, ...table.querySelectorAll("thead, tbody, tr, td, th")]) {
      e.setAttribute("role", roles[e.tagName] ?? (e.scope === "row" ? "rowheader" : "columnheader"));
    }
  }

  fill();
  filter();
  document.querySelectorAll("table.stack").forEach(tell);
  byId("browser").hidden = false;
})();
