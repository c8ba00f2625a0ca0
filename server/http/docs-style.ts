/** The look of /docs, light and dark. */
export const style = `
:root{color-scheme:light dark;--ink:light-dark(#1c2230,#e6e9ef);--dim:light-dark(#5b6475,#98a2b3);
--line:light-dark(#e3e7ee,#2b3240);--back:light-dark(#fff,#14181f);--soft:light-dark(#f5f7fa,#1b212b);--brand:light-dark(#2456d6,#7aa2ff);
--good:light-dark(#0b7a46,#5fd39a);--bad:light-dark(#c02626,#ff8b8b);--warn:light-dark(#9a5b00,#f0b45a)}
*{box-sizing:border-box}html{scroll-padding-top:1.5rem}
body{margin:0;font:15px/1.55 Inter,system-ui,sans-serif;color:var(--ink);background:var(--back);display:grid;grid-template-columns:16.5rem minmax(0,1fr)}
a:focus-visible,summary:focus-visible{outline:2px solid var(--brand);outline-offset:2px;border-radius:4px}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem 1rem;border-right:1px solid var(--line);background:var(--soft);scrollbar-width:thin}
nav a{display:block;padding:.2rem .5rem;border-radius:6px;color:var(--ink);font-weight:560;text-decoration:none}
nav a:hover{background:light-dark(#e9edf4,#252c38)}nav .home{font-size:1.05rem;font-weight:680;margin-bottom:.75rem}
nav .one{padding-left:1rem;font-size:.83rem;font-weight:400;color:var(--dim);white-space:nowrap;overflow:hidden;text-overflow:ellipsis}nav div{margin-bottom:.6rem}
main{padding:2.2rem clamp(1rem,4vw,4rem) 6rem;max-width:66rem}h1{font-size:1.9rem;letter-spacing:-.01em;margin:0 0 1rem}
h2{margin:3.5rem 0 0;padding-bottom:.6rem;font-size:1.4rem;letter-spacing:-.01em;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.6rem 0 .2rem}h3 code,nav code{font-size:.92em}h3 a{color:inherit;text-decoration:none}h3 a:hover{text-decoration:underline}
article{padding:.2rem 0 1.6rem}article+article{border-top:1px solid var(--line)}
p{margin:.3rem 0 .7rem;color:var(--dim)}code,pre{font:13px/1.55 "JetBrains Mono",ui-monospace,monospace}
p code{color:var(--ink)}p:not(.call) code{background:var(--soft);border-radius:4px;padding:.1em .3em}
pre{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem;overflow:auto;margin:.8rem 0}
.call{display:flex;align-items:baseline;gap:.7rem;margin-bottom:.9rem}.call code{font-size:13.5px}
b{flex:none;padding:.1rem .5rem;border-radius:5px;font-size:.7rem;letter-spacing:.05em;color:var(--brand);background:color-mix(in srgb,currentColor 12%,transparent)}
b.delete{color:var(--bad)}b.post{color:var(--good)}b.put,b.patch{color:var(--warn)}
.tag{margin-left:.7rem;font-size:.73rem;font-weight:400;color:var(--dim);border:1px solid var(--line);border-radius:99px;padding:.1rem .6rem;white-space:nowrap}
table{border-collapse:collapse;table-layout:fixed;width:100%;margin:.6rem 0 1rem}
th{text-align:left;font-size:.72rem;font-weight:600;letter-spacing:.06em;text-transform:uppercase;color:var(--dim);padding:.2rem .8rem .3rem 0}
th:first-child{width:32%}th:nth-child(2){width:26%}
td{border-top:1px solid var(--line);padding:.4rem .8rem .4rem 0;vertical-align:top;font-size:.87rem;overflow-wrap:anywhere}
small,td:nth-child(2){color:var(--dim);font-size:.82rem}em{color:var(--warn);font-style:normal;font-size:.74rem;margin-left:.3rem}
.answers{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;margin:.6rem 0;padding:0;font-size:.83rem;color:var(--dim)}
i{font:600 .78rem ui-monospace,monospace;margin-right:.2rem}i.good{color:var(--good)}i.bad{color:var(--bad)}
h2 a{color:inherit;text-decoration:none}h2 a:hover{text-decoration:underline}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;padding:.4rem .8rem;background:var(--back);z-index:1}
.index{list-style:none;margin:.2rem 0 1rem;padding:0;columns:19rem auto;column-gap:1.5rem}.index li{break-inside:avoid;padding:.12rem 0}
.index a{display:flex;gap:.6rem;align-items:baseline;color:inherit;text-decoration:none}.index a:hover code{text-decoration:underline}
.index b{min-width:3.6rem;text-align:center;font-size:.62rem}.index code{overflow-wrap:anywhere}
pre.curl{margin-bottom:.3rem}.script{margin-bottom:.8rem}pre:focus-visible{outline:2px solid var(--brand);outline-offset:1px}
details{font-size:.87rem}summary{cursor:pointer;color:var(--brand);width:fit-content}
@media(max-width:48rem){body{display:block}nav{position:static;height:auto;display:flex;flex-wrap:wrap;gap:.2rem;padding:.8rem;border-right:0;border-bottom:1px solid var(--line)}
nav div{display:none}nav .home{flex-basis:100%;margin:0}main{padding-top:1.4rem}
table,tbody,tr,td{display:block}thead tr{display:block}th{display:none}th:first-child{display:block;width:auto}td{border:0;padding:0}tr{border-top:1px solid var(--line);padding:.4rem 0}thead tr{border:0}}`;
