// A small bar chart: one accent, a baseline, a readout that follows the pointer or the arrow keys. A table with the same
// numbers stands beside it for those who do not see it.
import { useState } from 'react';

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
  unit = 'day',
}: {
  readonly bars: readonly Bar[];
  readonly title: string;
  readonly valueName: string;
  /** What a bar stands for. */
  readonly unit?: 'day' | 'minute';
}) {
  const [selected, select] = useState<number | null>(null);
  const highest = Math.max(...bars.map((bar) => bar.size), 0);
  const last = bars.length - 1;
  const shown = bars[selected ?? last];
  const step = 100 / Math.max(bars.length, 1);

  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <span>{title}</span>
        <span className="chart-readout num">{shown ? `${shown.label} · ${shown.value}` : ''}</span>
      </figcaption>
      <svg
        viewBox={`0 0 100 ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        onPointerLeave={() => select(null)}
      >
        {bars.map((bar, index) => {
          const height =
            highest > 0 ? Math.max(bar.size > 0 ? 2 : 0, (bar.size / highest) * (HEIGHT - 4)) : 0;
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
      <input
        className="visually-hidden"
        type="range"
        min={0}
        max={Math.max(last, 0)}
        value={selected ?? Math.max(last, 0)}
        aria-label={`${title}: ${unit}`}
        aria-valuetext={shown ? `${shown.label}, ${shown.value}` : ''}
        onChange={(event) => select(Number(event.target.value))}
        onBlur={() => select(null)}
      />
      <div className="chart-axis num" aria-hidden="true">
        <span>{bars[0]?.label}</span>
        <span>{bars[last]?.label}</span>
      </div>
      <div className="visually-hidden">
        <table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <th scope="col">{unit === 'day' ? 'Day' : 'Minute'}</th>
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
      </div>
    </figure>
  );
}
