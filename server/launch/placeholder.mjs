import { createServer } from 'node:http';

const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>Pipewright</title>
<style>body{font:16px system-ui;display:grid;place-content:center;height:100vh;margin:0;color-scheme:light dark}</style>
<p>Pipewright is starting. This page reloads by itself.</p>`;

/**
 * Answers every request with 503 and Retry-After while Pipewright is being installed and built.
 * @param {{ host: string, port: number }} address
 * @returns {Promise<() => Promise<void>>} gives the port up; may be called again
 */
export function openPlaceholder({ host, port }) {
  const server = createServer((request, response) => {
    const wantsPage = (request.headers.accept ?? '').includes('text/html');
    response.writeHead(503, {
      'Retry-After': '5',
      'Cache-Control': 'no-store',
      Connection: 'close',
      'Content-Type': wantsPage ? 'text/html; charset=utf-8' : 'application/json',
    });
    response.end(wantsPage ? page : JSON.stringify({ detail: 'Pipewright is starting.' }));
    request.resume();
  });
  const close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, { host, port })));
    server.listen(port, host, () => resolve(close));
  });
}

function explain(error, { host, port }) {
  if (error.code === 'EADDRINUSE') {
    return new Error(
      `Port ${port} on ${host} is taken (is Pipewright running already?). Set PORT to another one.`,
    );
  }
  if (error.code === 'EACCES')
    return new Error(`This account may not listen on port ${port}. Set PORT to another one.`);
  return new Error(`Cannot listen on ${host}:${port} (${error.code}). Check HOST and PORT.`);
}
