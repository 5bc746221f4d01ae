// What somebody is writing, kept in the browser so that a reload loses nothing.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { PackageTexts } from '../client/agent-package.ts';

const KEY = 'aios.draft.';
/** Storage holds some megabytes for all pages together. */
const MOST_CHARACTERS = 1_000_000;
const SAVE_AFTER_MS = 400;

export interface Draft {
  /** What it was begun from: a template's name, or `version:ID`. */
  readonly origin: string;
  readonly files: PackageTexts;
}

function read(name: string): Draft | null {
  try {
    const text = localStorage.getItem(KEY + name);
    return text ? (JSON.parse(text) as Draft) : null;
  } catch {
    return null;
  }
}

function write(name: string, draft: Draft | null): void {
  try {
    const text = draft && JSON.stringify(draft);
    if (text && text.length <= MOST_CHARACTERS) localStorage.setItem(KEY + name, text);
    else localStorage.removeItem(KEY + name);
  } catch {
    // Without storage the draft lasts as long as the page.
  }
}

/** The draft called `name`, null while there is none, and how to replace it. */
export function useDraft(name: string): readonly [Draft | null, (draft: Draft | null) => void] {
  const [state, setState] = useState(() => ({ name, draft: read(name) }));
  if (state.name !== name) setState({ name, draft: read(name) });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const unsaved = useRef<(() => void) | null>(null);
  useEffect(() => () => unsaved.current?.(), []);
  const set = useCallback(
    (draft: Draft | null) => {
      setState({ name, draft });
      clearTimeout(timer.current);
      unsaved.current = () => {
        unsaved.current = null;
        clearTimeout(timer.current);
        write(name, draft);
      };
      timer.current = setTimeout(() => unsaved.current?.(), SAVE_AFTER_MS);
    },
    [name],
  );
  return [state.name === name ? state.draft : null, set];
}
