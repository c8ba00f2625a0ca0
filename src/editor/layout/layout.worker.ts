import ELK from 'elkjs/lib/elk.bundled.js';
import type { ElkNode } from 'elkjs/lib/elk-api.js';

// ELK is slow and large, so it lives in this worker alone and is loaded with the first layout.
const elk = new ELK();

self.onmessage = (event: MessageEvent<ElkNode>) => {
  elk.layout(event.data).then(
    (done) => self.postMessage({ children: done.children }),
    (error: unknown) => self.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
};
