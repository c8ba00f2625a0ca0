import { z } from 'zod';

// The pages' content policy forbids making code from text. The validator would try once, to be faster, and the
// browser would report it.
if (typeof window !== 'undefined') z.config({ jitless: true });
