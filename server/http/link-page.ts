import { escapeHtml as escape } from './docs-schema.ts';

const style = `
:root{color-scheme:light dark;--ink:light-dark(#1c2230,#e6e9ef);--dim:light-dark(#5b6475,#98a2b3);--line:light-dark(#d5dae3,#39414f);
--back:light-dark(#f5f7fa,#10141a);--card:light-dark(#fff,#1a202a);--brand:light-dark(#2456d6,#7aa2ff);--on-brand:light-dark(#fff,#0d1420);
--good:light-dark(#0a6b3d,#5fd39a);--bad:light-dark(#b32020,#ff8b8b)}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;
font:16px/1.55 Inter,system-ui,sans-serif;color:var(--ink);background:var(--back)}
main{width:min(34rem,100%);background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.75rem}
h1{font-size:1.3rem;line-height:1.35;letter-spacing:-.01em;margin:0 0 .35rem}p{margin:.3rem 0 1rem;color:var(--dim)}
.prompt{color:var(--ink);white-space:pre-wrap;overflow-wrap:anywhere;border-left:3px solid var(--brand);padding-left:.9rem;margin:1.1rem 0 1.4rem;max-height:40vh;overflow:auto}
label{display:block;font-weight:560;margin-bottom:.35rem}label span{font-weight:400;color:var(--dim)}
textarea{width:100%;min-height:5.5rem;font:inherit;color:inherit;background:var(--back);border:1px solid var(--line);border-radius:8px;padding:.6rem .7rem;resize:vertical}
.row{display:flex;flex-wrap:wrap;gap:.7rem;margin-top:1.1rem}
button{flex:1 1 9rem;font:inherit;font-weight:600;min-height:2.75rem;border-radius:8px;border:1px solid var(--line);background:var(--card);color:var(--ink);cursor:pointer}
button.main{background:var(--brand);border-color:var(--brand);color:var(--on-brand)}
button:hover{filter:brightness(1.06)}:focus-visible{outline:3px solid var(--brand);outline-offset:2px}
.good{color:var(--good)}.bad{color:var(--bad)}small{display:block;margin-top:1.2rem;color:var(--dim)}`;

interface Page {
  readonly nonce: string;
  readonly title: string;
  /** HTML. */
  readonly body: string;
}

/** A page that needs nothing else: no script, no font, no request. */
const page = ({
  nonce,
  title,
  body,
}: Page): string => `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escape(title)} · Pipewright</title><style nonce="${nonce}">${style}</style></head><body><main>${body}</main></body></html>`;

interface Question {
  readonly prompt: string;
  readonly workflow: string;
  readonly holder: string | null;
  readonly needed: number;
}

/** A question with its two buttons. Opening it decides nothing. */
export function questionPage(nonce: string, { prompt, workflow, holder, needed }: Question): string {
  const whom = holder === null ? '' : `Asked of ${escape(holder)}. `;
  const others = needed > 1 ? ` ${needed} approvals are needed; yours is one of them.` : '';
  const body = `<h1>“${escape(workflow)}” waits for your decision</h1>
<p>${whom}Nothing happens before you choose.${others}</p>
<div class="prompt" tabindex="0" role="group" aria-label="Question">${escape(prompt)}</div>
<form method="post"><label for="response">Response <span>(optional)</span></label>
<textarea id="response" name="response" maxlength="10000"></textarea>
<div class="row"><button class="main" name="decision" value="approve">Approve</button>
<button name="decision" value="reject">Reject</button></div></form>
<small>This link answers once.</small>`;
  return page({ nonce, title: 'Decide', body });
}

/** The button by which a person makes a waiting step go on. */
export function resumePage(nonce: string): string {
  const body = `<h1>A workflow waits for this address to be called</h1>
<p>Programs call it with POST. You can also let it go on yourself; it works once.</p>
<form method="post"><div class="row"><button class="main">Let it go on</button></div></form>`;
  return page({ nonce, title: 'Continue', body });
}

interface Notice {
  readonly title: string;
  readonly text: string;
  readonly tone: 'good' | 'bad';
}

/** What came of it, or why nothing can come of it any more. */
export function noticePage(nonce: string, { title, text, tone }: Notice): string {
  const body = `<h1 class="${tone}">${escape(title)}</h1><p>${escape(text)}</p><small>You can close this page.</small>`;
  return page({ nonce, title, body });
}
