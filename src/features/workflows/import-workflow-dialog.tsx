'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FileCheck2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useState } from 'react';
import { readProblem } from '#client/problem.ts';
import { trpc } from '#client/trpc.ts';
import type { WorkflowDocument } from '#contract/workflow.ts';
import { Button } from '#ui/button.tsx';
import { Dialog } from '#ui/dialog.tsx';
import { ErrorNotice } from '#ui/error-notice.tsx';
import { Field } from '#ui/field.tsx';
import { Input } from '#ui/input.tsx';
import { FilePicker } from './file-picker.tsx';
import { MAX_IMPORT_BYTES, type ReadImport, readImport } from './import-document.ts';
import { jsonOfYaml } from './yaml-text.ts';

/** Reads a file, says what is in it or what is wrong with it, and makes the workflow. */
export function ImportWorkflowDialog({ file, onClose }: { file: File | null; onClose: () => void }) {
  const [read, setRead] = useState<ReadImport | null>(null);
  const [fileName, setFileName] = useState('');
  const [name, setName] = useState('');
  const importing = useImport();
  const { reset } = importing;
  const take = useCallback(
    async (next: File) => {
      const result = await readFile(next);
      reset();
      setFileName(next.name);
      setRead(result);
      if (result.ok) setName(result.document.workflow.name);
    },
    [reset],
  );
  useEffect(() => {
    if (file) void take(file);
  }, [file, take]);
  const document = read?.ok ? read.document : null;
  const send = () => {
    if (document) importing.mutate({ document, ...(name.trim() !== '' && { name: name.trim() }) });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Import a workflow"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={document === null}
            loading={importing.isPending || importing.isSuccess}
            onClick={send}
          >
            Import
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <FilePicker onFile={(next) => void take(next)} />
        {read && !read.ok ? (
          <Refused fileName={fileName} message={read.message} faults={read.faults} />
        ) : null}
        {importing.error ? <RefusedByServer error={importing.error} /> : null}
        {document ? <Accepted fileName={fileName} document={document} name={name} onName={setName} /> : null}
      </div>
    </Dialog>
  );
}

function useImport() {
  const router = useRouter();
  const queries = useQueryClient();
  return useMutation(
    trpc.workflows.import.mutationOptions({
      onSuccess: (workflow) => {
        void queries.invalidateQueries({ queryKey: trpc.workflows.list.queryKey() });
        router.push(`/workflows/${workflow.slug}`);
      },
    }),
  );
}

async function readFile(file: File): Promise<ReadImport> {
  if (file.size > MAX_IMPORT_BYTES)
    return { ok: false, message: 'The file is larger than 10 MB.', faults: [] };
  try {
    const text = await file.text();
    if (!/\.ya?ml$/i.test(file.name)) return readImport(text);
    const read = await jsonOfYaml(text);
    return read.ok ? readImport(read.json) : read;
  } catch {
    return { ok: false, message: 'The browser could not read the file. Choose it again.', faults: [] };
  }
}

function Refused(props: { fileName: string; message: string; faults: readonly string[] }) {
  return (
    <ErrorNotice title={`${props.fileName}: ${props.message}`} description={<Faults list={props.faults} />} />
  );
}

function RefusedByServer({ error }: { error: unknown }) {
  const { message, complaints } = readProblem(error);
  return (
    <ErrorNotice
      title="The workflow was not imported"
      description={<Faults list={complaints.length ? complaints : [message]} />}
    />
  );
}

function Faults({ list }: { list: readonly string[] }) {
  if (list.length === 0) return null;
  return (
    <ul className="list-disc pl-4">
      {list.map((fault) => (
        <li key={fault}>{fault}</li>
      ))}
    </ul>
  );
}

interface AcceptedProps {
  fileName: string;
  document: WorkflowDocument;
  name: string;
  onName: (name: string) => void;
}

function Accepted({ fileName, document, name, onName }: AcceptedProps) {
  const { nodes, edges } = document;
  return (
    <>
      <p className="flex items-center gap-2 text-sm text-muted" role="status">
        <FileCheck2 className="size-4 text-success-text" aria-hidden />
        <span className="truncate font-medium text-text">{fileName}</span>
        <span className="shrink-0">
          {nodes.length} {nodes.length === 1 ? 'node' : 'nodes'}, {edges.length}{' '}
          {edges.length === 1 ? 'edge' : 'edges'}
        </span>
      </p>
      <Field label="Name">
        <Input maxLength={200} value={name} onValueChange={onName} />
      </Field>
    </>
  );
}
