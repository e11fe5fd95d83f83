import { PRIMER } from './primer.ts';

/** Primer's look of text, and our own few rules for what stands around it. Wide and on a phone. */
export const STYLE = `${PRIMER}
*{box-sizing:border-box}
body{margin:0 auto;max-width:64rem;padding:1rem;background:var(--bgColor-default);color:var(--fgColor-default);font-size:14px;overflow-wrap:anywhere}
h1,h2{font-weight:var(--base-text-weight-semibold)}h1.title{font-size:1.75rem;font-weight:var(--base-text-weight-normal);margin:.5rem 0 1rem}h2.part{font-size:1.25rem;margin:2rem 0 .75rem}
.box{border:1px solid var(--borderColor-default);border-radius:var(--borderRadius-medium);margin:1rem 0;overflow:hidden}
.box-header{background:var(--bgColor-muted);border-bottom:1px solid var(--borderColor-default);padding:.5rem 1rem;font-weight:var(--base-text-weight-semibold)}
.box>details>summary{background:var(--bgColor-muted);padding:.5rem 1rem;cursor:pointer}
.body{padding:1rem}.markdown-body{font-size:14px;min-width:0}.muted{color:var(--fgColor-muted);font-weight:var(--base-text-weight-normal)}
.comment{margin:.5rem 1rem;max-width:50rem}
.markdown-body summary{cursor:pointer}
.markdown-body table{max-width:100%}.markdown-body td,.markdown-body th{overflow-wrap:normal}
.markdown-body pre{white-space:pre;overflow-x:auto}
.diff{overflow-x:auto}.markdown-body>.diff{margin-bottom:1rem}.diff pre,.markdown-body .diff pre{margin:0;padding:0;background:none;font:12px/20px var(--fontStack-monospace);min-width:max-content}
.line{display:block;padding:0 .75rem;min-height:20px;white-space:pre}
.add{background:var(--diffBlob-additionLine-bgColor)}.remove{background:var(--diffBlob-deletionLine-bgColor)}.hunk{background:var(--diffBlob-hunkLine-bgColor);color:var(--fgColor-muted)}
.suggestion{border:1px solid var(--borderColor-default);border-radius:var(--borderRadius-medium);margin:0 0 1rem;overflow:hidden}
.suggestion>.box-header{padding:.25rem .75rem;font-weight:var(--base-text-weight-normal);color:var(--fgColor-muted)}
.success{color:var(--fgColor-success)}.failure{color:var(--fgColor-danger)}.neutral{color:var(--fgColor-muted)}
@media(max-width:40rem){body{padding:.5rem}.body{padding:.75rem}.comment{margin:.5rem}h1.title{font-size:1.35rem}}
`;
