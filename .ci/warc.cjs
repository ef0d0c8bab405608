// warc.cjs NODE_MODULES DIR: judges every archive in DIR by warcio (webrecorder's), which
// shares nothing with what wrote them: each can be read to its end, and the digests,
// taken anew, are those of its records.
const { createHash } = require("node:crypto");
const { createReadStream, readdirSync } = require("node:fs");
const { join } = require("node:path");
const { createRequire } = require("node:module");

const [modules, dir] = process.argv.slice(2);
const { WARCParser } = createRequire(join(modules, "x"))("warcio");
const sha256 = (bytes) => "sha256:" + createHash("sha256").update(bytes).digest("hex");

async function judge(path) {
  const faults = [];
  const types = {};
  const beyond = new Set(); // what warcio does not read: trailers, a header without fields
  // As blocks, then once more as HTTP: its reader gives a record either way, once.
  for await (const r of WARCParser.iterRecords(createReadStream(path), { parseHttp: false })) {
    types[r.warcType] = (types[r.warcType] ?? 0) + 1;
    const block = await r.readFully(false);
    if (block.length !== r.warcContentLength) faults.push(`${r.warcHeader("WARC-Record-ID")}: ${block.length} bytes of ${r.warcContentLength}`);
    const text = Buffer.from(block).toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    if (end === text.indexOf("\r\n") || (/^transfer-encoding:/im.test(text.slice(0, end)) && !text.endsWith("\r\n0\r\n\r\n")))
      beyond.add(r.warcHeader("WARC-Record-ID"));
    if (sha256(block) !== r.warcBlockDigest) faults.push(`${r.warcHeader("WARC-Record-ID")}: block digest`);
  }
  for await (const r of WARCParser.iterRecords(createReadStream(path))) {
    if (r.warcType === "warcinfo") continue;
    if (!r.httpHeaders) faults.push(`${r.warcHeader("WARC-Record-ID")}: no HTTP in it`);
    if (r.warcType !== "response" || beyond.has(r.warcHeader("WARC-Record-ID"))) continue;
    r.httpHeaders.headers.delete("Content-Encoding"); // the payload is as it was coded
    const payload = await r.readFully(true);
    const digest = r.warcPayloadDigest;
    if (!r.warcHeader("WARC-Truncated") && (digest || payload.length > 0) && digest !== sha256(payload))
      faults.push(`${r.warcTargetURI}: payload digest of ${payload.length} bytes`);
  }
  if (types.warcinfo !== 1) faults.push(`${types.warcinfo} warcinfo records`);
  return { faults, types };
}

(async () => {
  const files = readdirSync(dir).sort();
  const total = {};
  let bad = 0;
  console.warn = (text) => { throw new Error(text); }; // how warcio tells of a wrong length
  for (const file of files) {
    const { faults, types } = await judge(join(dir, file)).catch((err) => ({ faults: [String(err)], types: {} }));
    for (const [t, n] of Object.entries(types)) total[t] = (total[t] ?? 0) + n;
    for (const fault of faults) console.log(`${file}: ${fault}`);
    bad += faults.length;
  }
  console.log(`${files.length} archives: ${Object.entries(total).map(([t, n]) => `${n} ${t}`).join(", ")}; ${bad} faults`);
  process.exit(bad || !total.response || !total.revisit ? 1 : 0);
})();
