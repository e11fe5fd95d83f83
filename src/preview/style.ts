/** Our own few rules in the look of GitHub, light and dark, wide and on a phone. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1f2328;--muted:#59636e;--line:#d1d9e0;--soft:#f6f8fa;--add:#dafbe1;--del:#ffebe9;--hunk:#ddf4ff;--link:#0969da;--success:#1a7f37;--failure:#cf222e;--neutral:#59636e}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#f0f6fc;--muted:#9198a1;--line:#3d444d;--soft:#151b23;--add:#12261e;--del:#25171c;--hunk:#121d2f;--link:#4493f8;--success:#3fb950;--failure:#f85149;--neutral:#9198a1}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--bg);color:var(--fg);font:14px/1.5 -apple-system,BlinkMacSystemFont,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;font-weight:500}h2{margin-top:2rem}a{color:var(--link)}
section,article{border:1px solid var(--line);border-radius:6px;margin:1rem 0;overflow:hidden}
header{background:var(--soft);border-bottom:1px solid var(--line);padding:.5rem 1rem;font-weight:600}
.body{padding:.25rem 1rem}.muted{color:var(--muted)}
article{margin:.5rem 1rem;font-size:14px}
code,pre{font:12px/1.5 ui-monospace,SFMono-Regular,"SF Mono",Menlo,Consolas,monospace}
code{background:var(--soft);border-radius:6px;padding:.2em .4em}
pre{margin:0;overflow-x:auto;padding:.5rem}pre span{display:block;min-height:1.5em;white-space:pre}
figure{border:1px solid var(--line);border-radius:6px;margin:.75rem 0;overflow:hidden}
figcaption{background:var(--soft);border-bottom:1px solid var(--line);padding:.25rem .5rem;color:var(--muted)}
.add{background:var(--add)}.remove{background:var(--del)}.hunk{background:var(--hunk);color:var(--muted)}
table{border-collapse:collapse;display:block;overflow-x:auto}td,th{border:1px solid var(--line);overflow-wrap:normal;padding:.3rem .8rem}
.success{color:var(--success)}.failure{color:var(--failure)}.neutral{color:var(--neutral)}
summary{cursor:pointer}details{margin:.5rem 0}section>details{margin:0}section>details>summary{background:var(--soft);padding:.5rem 1rem}
.diff{margin:0}.diff pre{padding:0}
`;
