// The files of a package: a list to choose from, and the chosen one as text, to read or to edit.
import { useId, useState } from 'react';
import type { PackageTexts } from '../client/agent-package.ts';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icons.tsx';
import { CodeEditor } from './code-editor.tsx';
import './package-files.css';

const PATH = /^[A-Za-z0-9_@+][A-Za-z0-9._@+-]*(?:\/[A-Za-z0-9_@+][A-Za-z0-9._@+-]*)*$/;

/** The manifest first, then code, then data, the page about it last. */
function rank(path: string): number {
  if (path === 'agent.json') return 0;
  return /\.(?:[cm]?[jt]s|py)$/.test(path) ? 1 : path.endsWith('.md') ? 3 : 2;
}

export function PackageFilesView({
  files,
  onChange,
  entry,
}: {
  readonly files: PackageTexts;
  readonly onChange?: (files: PackageTexts) => void;
  /** Opened first. */
  readonly entry?: string;
}) {
  const paths = Object.keys(files).sort((left, right) => rank(left) - rank(right) || (left < right ? -1 : 1));
  const [chosen, choose] = useState<string | undefined>(undefined);
  const path =
    chosen !== undefined && chosen in files
      ? chosen
      : entry !== undefined && entry in files
        ? entry
        : paths[0];
  const text = path === undefined ? '' : (files[path] ?? '');
  const id = useId();
  const [adding, setAdding] = useState<string | null>(null);
  const taken = adding !== null && paths.some((one) => one.toLowerCase() === adding.toLowerCase());

  return (
    <div className="files">
      <div className="files-list">
        <ul aria-label="Files">
          {paths.map((one) => (
            <li key={one}>
              <button type="button" aria-current={one === path || undefined} onClick={() => choose(one)}>
                {one}
              </button>
              {onChange && one !== 'agent.json' && (
                <button
                  type="button"
                  className="copy"
                  aria-label={`Remove ${one}`}
                  title={`Remove ${one}`}
                  onClick={() =>
                    onChange(Object.fromEntries(Object.entries(files).filter(([name]) => name !== one)))
                  }
                >
                  <Icon name="close" />
                </button>
              )}
            </li>
          ))}
        </ul>
        {onChange &&
          (adding === null ? (
            <button type="button" className="text-button" onClick={() => setAdding('')}>
              Add a file
            </button>
          ) : (
            <form
              className="files-add"
              onSubmit={(event) => {
                event.preventDefault();
                if (!PATH.test(adding) || taken) return;
                onChange({ ...files, [adding]: '' });
                choose(adding);
                setAdding(null);
              }}
            >
              <input
                className="input mono"
                aria-label="Path of the new file"
                aria-describedby={id}
                placeholder="src/rules.ts"
                // biome-ignore lint/a11y/noAutofocus: it was just asked for
                autoFocus
                value={adding}
                spellCheck={false}
                onChange={(event) => setAdding(event.target.value.trim())}
                onKeyDown={(event) => event.key === 'Escape' && setAdding(null)}
              />
              <span id={id} className="hint">
                {taken ? 'There is one of that name.' : 'Letters, digits and . _ - ; Enter adds it.'}
              </span>
            </form>
          ))}
      </div>
      {path !== undefined && (
        <div className="files-text">
          <CodeEditor
            key={path}
            path={path}
            text={text}
            lines={12}
            onChange={onChange && ((next) => onChange({ ...files, [path]: next }))}
          />
          <p className="hint num">
            {path} · {formatCount(new TextEncoder().encode(text).length)} bytes
          </p>
        </div>
      )}
    </div>
  );
}
