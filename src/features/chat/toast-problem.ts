import { readProblem } from '#client/problem.ts';
import { toast } from '#ui/toast.tsx';

/** Says that something failed, and why in the words of the server. */
export const toastProblem =
  (title: string) =>
  (error: unknown): void =>
    void toast.error(title, { description: readProblem(error).message });
