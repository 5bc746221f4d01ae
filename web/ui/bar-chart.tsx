// A small bar chart: one accent, a baseline, a readout that follows the pointer or the arrow keys. A table with the same
// numbers stands beside it for those who do not see it.
import { type KeyboardEvent, useState } from 'react';

export interface Bar {
  readonly key: string;
  readonly label: string;
  /** Height, in any unit; only ratios matter. */
  readonly size: number;
  /** The exact value, written out. */
  readonly value: string;
}

const HEIGHT = 120;

export function BarChart({
  bars,
  title,
  valueName,
}: {
  readonly bars: readonly Bar[];
  readonly title: string;
  readonly valueName: string;
}) {
  const [selected, select] = useState<number | null>(null);
  const highest = Math.max(...bars.map((bar) => bar.size), 0);
  const last = bars.length - 1;
  const shown = bars[selected ?? last];
  const step = 100 / Math.max(bars.length, 1);

  function onKeyDown(event: KeyboardEvent): void {
    const move = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (!move) return;
    event.preventDefault();
    select(Math.min(last, Math.max(0, (selected ?? last) + move)));
  }

  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <span>{title}</span>
        <span className="chart-readout num" aria-live="polite">
          {shown ? `${shown.label} · ${shown.value}` : ''}
        </span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the readout */}
      <svg
        viewBox={`0 0 100 ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        tabIndex={0}
        aria-label={`${title}, ${bars.length} days. Arrow keys read out each day.`}
        onKeyDown={onKeyDown}
        onPointerLeave={() => select(null)}
      >
        {bars.map((bar, index) => {
          const height = highest > 0 ? Math.max(bar.size > 0 ? 2 : 0, (bar.size / highest) * (HEIGHT - 4)) : 0;
          return (
            <g key={bar.key} onPointerEnter={() => select(index)}>
              <rect x={index * step} y={0} width={step} height={HEIGHT} className="chart-target" />
              <rect
                x={index * step + step * 0.14}
                y={HEIGHT - height}
                width={step * 0.72}
                height={height}
                className={(selected ?? last) === index ? 'chart-bar chart-bar-on' : 'chart-bar'}
              />
            </g>
          );
        })}
      </svg>
      <div className="chart-axis num" aria-hidden="true">
        <span>{bars[0]?.label}</span>
        <span>{bars[last]?.label}</span>
      </div>
      <table className="visually-hidden">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">{valueName}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.key}>
              <th scope="row">{bar.label}</th>
              <td>{bar.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
