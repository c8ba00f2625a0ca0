import { useEffect, useState } from 'react';
import { useChatFace } from './chat-face.ts';
import type { StoredAttachment } from './chat-port.ts';
import { toastProblem } from './toast-problem.ts';

export interface FileLink {
  /** Null while it is not known, and for files that have to be asked for. */
  readonly address: string | null;
  readonly save: () => void;
}

/** Where a kept file can be had. `shown`: it is to be seen, so it is read where it has no address of its own. */
export function useFileLink(file: StoredAttachment | null, shown: boolean): FileLink {
  const { fileAddress, readFile } = useChatFace().files;
  const [read, setRead] = useState<string | null>(null);
  const id = file?.id ?? null;
  const wanted = shown && fileAddress === null ? id : null;
  useEffect(() => {
    if (wanted === null) return;
    let address: string | null = null;
    let left = false;
    readFile(wanted).then(
      (blob) => {
        if (left) return;
        address = URL.createObjectURL(blob);
        setRead(address);
      },
      // Its name stays, with which it can be asked for again.
      () => undefined,
    );
    return () => {
      left = true;
      if (address !== null) URL.revokeObjectURL(address);
    };
  }, [wanted, readFile]);
  const save = (): void => {
    if (!file) return;
    readFile(file.id).then((blob) => saveAs(blob, file.filename), toastProblem('The file could not be read'));
  };
  return { address: id !== null && fileAddress ? fileAddress(id) : read, save };
}

function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
