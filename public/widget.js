// Puts a chat into the corner of a page: <script src="https://…/widget.js" data-chat="…" async></script>
// Optional: data-label (what the button says to screen readers), data-side="left".
(() => {
  'use strict';
  const script = document.currentScript;
  const id = script && script.dataset.chat;
  if (!script || !id || !/^[\w-]+$/.test(id) || document.getElementById(`pipewright-chat-${id}`)) return;
  const origin = new URL(script.src).origin;
  const label = script.dataset.label || 'Chat';
  const side = script.dataset.side === 'left' ? 'left' : 'right';

  const STYLE = `
    :host { all: initial; }
    button { position: fixed; ${side}: 20px; bottom: 20px; width: 56px; height: 56px; padding: 0; border: 0;
      border-radius: 50%; background: #095bef; color: #fff; cursor: pointer; z-index: 2147483000;
      box-shadow: 0 2px 4px rgb(16 20 27 / .12), 0 8px 24px rgb(16 20 27 / .24); transition: background 120ms; }
    button:hover { background: #074ccb; }
    button:focus-visible { outline: 3px solid #095bef; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    button svg { width: 26px; height: 26px; vertical-align: middle; }
    .panel { position: fixed; ${side}: 20px; bottom: 88px; width: min(400px, calc(100vw - 40px));
      height: min(640px, calc(100vh - 108px)); border-radius: 14px; overflow: hidden; background: #fff;
      z-index: 2147483000; box-shadow: 0 0 0 1px rgb(16 20 27 / .08), 0 16px 48px rgb(16 20 27 / .28); }
    .panel[hidden] { display: none; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    .guard { position: absolute; width: 1px; height: 1px; overflow: hidden; }
    @media (max-width: 480px) {
      .panel { inset: 0; width: 100vw; height: 100vh; height: 100dvh; border-radius: 0; }
      /* The chat has a button of its own to close it, and this one would cover its composer. */
      .panel:not([hidden]) ~ button { visibility: hidden; }
    }
    @media (prefers-color-scheme: dark) { .panel { background: #171b22; } }
    @media (prefers-reduced-motion: reduce) { button { transition: none; } }
  `;
  const BUBBLE = 'M21 12a8.5 8.5 0 0 1-8.5 8.5H4l1.7-3.1A8.5 8.5 0 1 1 21 12Z';
  const CROSS = 'M6 6l12 12M18 6L6 18';

  const host = document.createElement('div');
  host.id = `pipewright-chat-${id}`;
  // Its own root: the styles of the page do not reach in, and these do not reach out.
  const root = host.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);
  root.adoptedStyleSheets = [style];

  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-label', `Open ${label}`);
  button.setAttribute('aria-haspopup', 'dialog');
  button.setAttribute('aria-expanded', 'false');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [name, value] of Object.entries({
    viewBox: '0 0 24 24',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '2',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  })) {
    svg.setAttribute(name, value);
  }
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', BUBBLE);
  svg.append(path);
  button.append(svg);

  const panel = document.createElement('div');
  panel.className = 'panel';
  panel.hidden = true;
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-modal', 'true');
  panel.setAttribute('aria-label', label);
  let frame = null;

  /** Tab leaves the chat over one of these, which lead back into it. */
  const guard = () => {
    const edge = document.createElement('div');
    edge.tabIndex = 0;
    edge.className = 'guard';
    edge.addEventListener('focus', () => frame && frame.focus());
    return edge;
  };

  const show = (opened) => {
    panel.hidden = !opened;
    button.setAttribute('aria-expanded', String(opened));
    button.setAttribute('aria-label', `${opened ? 'Close' : 'Open'} ${label}`);
    path.setAttribute('d', opened ? CROSS : BUBBLE);
  };

  const open = () => {
    if (!frame) {
      frame = document.createElement('iframe');
      frame.src = `${origin}/embed/${encodeURIComponent(id)}`;
      frame.title = label;
      frame.addEventListener('load', () => panel.hidden || frame.focus());
      panel.append(guard(), frame, guard());
    }
    show(true);
    frame.focus();
  };

  const close = () => {
    if (panel.hidden) return;
    show(false);
    button.focus();
  };

  button.addEventListener('click', () => (panel.hidden ? open() : close()));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  window.addEventListener('message', (event) => {
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow) return;
    if (event.data && event.data.pipewright === 'close') close();
  });

  root.append(panel, button);
  const put = () => document.body.append(host);
  if (document.body) put();
  else document.addEventListener('DOMContentLoaded', put);
})();
