'use client';

import { readProblem } from '#client/problem.ts';
import { api } from '#client/trpc.ts';
import { toast } from '#ui/toast.tsx';

/** Hands the workflow to the browser as a file that `import` takes. */
export async function exportWorkflow(slug: string, format: 'json' | 'yaml'): Promise<void> {
  try {
    const { filename, text } = await api.workflows.exportText.query({ workflow_slug: slug, format });
    save(filename, text);
  } catch (error) {
    toast.error('The workflow could not be exported', { description: readProblem(error).message });
  }
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(
    new Blob([text], { type: name.endsWith('.json') ? 'application/json' : 'application/yaml' }),
  );
  const link = window.document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers start reading only after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
