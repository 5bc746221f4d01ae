// The nodes of a workflow's run, each after all that it needs, and how far each is.
import { Link } from 'react-router';
import type { RunDetailFragment } from '../../generated/graphql.ts';
import { formatMs } from '../../studio/run-status.tsx';

type Node = NonNullable<RunDetailFragment['nodes']>[number];

const dots: Readonly<Record<string, string>> = {
  RUNNING: 'dot dot-live',
  WAITING: 'dot dot-warn',
  COMPLETED: 'dot dot-ok',
  FAILED: 'dot dot-bad',
};

const words = (status: string) => status.charAt(0) + status.slice(1).toLowerCase().replaceAll('_', ' ');

function tookMs({ startedAt, finishedAt }: Node): number | null {
  return startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null;
}

export function RunNodes({ nodes }: { readonly nodes: readonly Node[] }) {
  return (
    <section className="section" aria-labelledby="run-nodes">
      <div className="section-head">
        <h2 id="run-nodes">Nodes</h2>
      </div>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">Node</th>
            <th scope="col" className="mid w-s">
              Kind
            </th>
            <th scope="col">Status</th>
            <th scope="col" className="mid w-m">
              Runs
            </th>
            <th scope="col" className="r w-s">
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => {
            const took = tookMs(node);
            return (
              <tr key={node.name}>
                <td className="mono">{node.name}</td>
                <td className="mid">{node.kind}</td>
                <td title={node.error?.message}>
                  <span className="status-mark">
                    <span className={dots[node.status] ?? 'dot'} />
                    {words(node.status)}
                  </span>
                  {node.chosen && <span className="muted"> · {node.chosen}</span>}
                  {node.error && <span className="muted"> · {node.error.code}</span>}
                  {node.attempts > 1 && <span className="muted"> · attempt {node.attempts}</span>}
                </td>
                <td className="mid num">
                  {node.runs.slice(0, 3).map(({ id }, index) => (
                    <span key={id}>
                      {index > 0 && ', '}
                      <Link className="link" to={`/runs/${id}`}>
                        {id}
                      </Link>
                    </span>
                  ))}
                  {node.runs.length > 3 && ` and ${node.runs.length - 3} more`}
                </td>
                <td className="r num">{took === null ? <span className="muted">–</span> : formatMs(took)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
