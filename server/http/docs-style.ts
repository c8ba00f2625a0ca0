/** The look of /docs, light and dark. */
export const style = `
:root{color-scheme:light dark;--ink:light-dark(#1c2230,#e6e9ef);--dim:light-dark(#5b6475,#98a2b3);
--line:light-dark(#e3e7ee,#2b3240);--back:light-dark(#fff,#14181f);--soft:light-dark(#f5f7fa,#1b212b);--brand:light-dark(#2456d6,#7aa2ff)}
*{box-sizing:border-box}html{scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;font:15px/1.55 Inter,system-ui,sans-serif;color:var(--ink);background:var(--back);display:grid;grid-template-columns:14rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;padding:1.5rem;border-right:1px solid var(--line);display:flex;flex-direction:column;gap:.5rem}
nav a{color:var(--dim);text-decoration:none}nav a:hover{color:var(--ink)}nav .home{font-weight:650;color:var(--ink);margin-bottom:.75rem}
main{padding:2rem clamp(1rem,4vw,4rem) 6rem;max-width:62rem}h1{font-size:1.9rem;margin:0 0 1rem}h2{margin:3rem 0 .5rem;font-size:1.35rem}
h3{font-size:1rem;margin:1.4rem 0 .3rem}h3 a{color:inherit;text-decoration:none}article{padding:.4rem 0 1rem;border-bottom:1px solid var(--line)}
p{margin:.3rem 0 .7rem;color:var(--dim)}code,pre{font:13px/1.5 "JetBrains Mono",ui-monospace,monospace}
pre{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem;overflow:auto;margin:.6rem 0}
b{display:inline-block;min-width:3.6rem;font-size:.75rem;letter-spacing:.04em;color:var(--brand)}b.delete{color:light-dark(#c02626,#ff8b8b)}
b.post,b.put,b.patch{color:light-dark(#0b7a46,#5fd39a)}.tag{margin-left:.8rem;font-size:.75rem;font-weight:400;color:var(--dim);border:1px solid var(--line);border-radius:99px;padding:.1rem .6rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}td{border-top:1px solid var(--line);padding:.35rem .8rem .35rem 0;vertical-align:top;font-size:.9rem}
td:nth-child(2),td:nth-child(3),em{color:var(--dim);font-style:normal;font-size:.82rem}
@media(max-width:48rem){body{display:block}nav{position:static;height:auto;flex-flow:row wrap;border:0}}`;
