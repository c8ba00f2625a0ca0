import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Reading and compiling the program takes most of a start. The cache has to be there before the first module is
// loaded, hence this file; where it cannot be written, everything goes on without.
enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'pipewright'));
await import('./program.ts');
