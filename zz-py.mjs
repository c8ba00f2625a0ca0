import { createCodeRunner } from '/work/main/server/code/runner.ts';
import { execSync } from 'node:child_process';
const runner = createCodeRunner({ workers: 2, log: (m) => console.log('LOG', m) });
const req = (n) => ({ language:'python', source:`return ${n} * 2`, globals:{trigger:{text:'x'}, big: 'y'.repeat(Number(process.argv[2] ?? 10))}, timeoutMs: 10000, memoryMb: 64 });
const go = async (n) => { const t=performance.now(); try { const r = await runner.run(req(n), new AbortController().signal); return [n, r.value, Math.round(performance.now()-t)] } catch (e) { return [n, e.code, e.message, Math.round(performance.now()-t)] } };
console.log(await Promise.all(Array.from({length:10},(_, i)=>go(i))));
await new Promise(r=>setTimeout(r,3000));
// the spare dies just before it is taken
const pids = execSync(`pgrep -P ${process.pid}`).toString().trim().split('\n').map(Number);
console.log('children', pids);
for (const pid of pids) { try { process.kill(pid,'SIGKILL'); } catch {} }
console.log(await go(99));
for (let i=0;i<10;i++) console.log(await go(i));
await runner.close();
