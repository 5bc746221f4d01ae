// The icons: 16-pixel line drawings in the text's colour. Always beside a word or inside a labelled button.
import type { ReactNode } from 'react';

const drawings = {
  home: <path d="M2.5 7 8 2.5 13.5 7v6.5h-4v-4h-3v4h-4Z" />,
  directory: <path d="M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z" />,
  market: <path d="M2.5 13.5h11M4 11V7.5M7 11V3.5M10 11V6M13 11V8.5" />,
  status: <path d="M1.5 8h3l2-5 3 10 2-5h3" />,
  query: <path d="m3 5 3 3-3 3M8 11.5h5" />,
  studio: <path d="M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5M9 3 7 13" />,
  proof: (
    <path d="M8 1.8 13.2 4v4c0 3.2-2.2 5.3-5.2 6.2C5 13.3 2.800 11.2 2.800 8V4ZM5.600 8l1.700 1.700 3.200-3.400" />
  ),
  chain: (
    <path d="M2.500 4a1.500 1.500 0 1 0 3 0 1.500 1.500 0 0 0-3 0ZM2.500 12a1.500 1.500 0 1 0 3 0 1.500 1.500 0 0 0-3 0ZM10.500 8a1.500 1.500 0 1 0 3 0 1.500 1.500 0 0 0-3 0ZM5.300 4.700l5.400 2.600M5.300 11.300l5.400-2.600" />
  ),
  search: <path d="M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.5 10.5l3 3" />,
  copy: <path d="M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z" />,
  check: <path d="m3 8.5 3.2 3.2L13 4.5" />,
  plus: <path d="M8 3v10M3 8h10" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  light: (
    <path d="M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 1.5v1.8M8 12.7v1.8M1.5 8h1.8M12.7 8h1.8M3.4 3.4l1.3 1.3M11.3 11.3l1.3 1.3M12.6 3.4l-1.3 1.3M4.7 11.3l-1.3 1.3" />
  ),
  dark: <path d="M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5Z" />,
  system: <path d="M2 3h12v8H2zM6 13.5h4" />,
  pause: <path d="M5.5 3.5v9M10.5 3.5v9" />,
  play: <path d="m5 3.5 7 4.5-7 4.5Z" />,
  lock: <path d="M3.5 7.5h9v6h-9zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5" />,
  key: <path d="M5.5 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM7.7 7.8l5-5M10.5 5l2 2" />,
  external: <path d="M6.5 3.5h-3v9h9v-3M9 2.5h4.5V7M13 3 7.5 8.5" />,
  next: <path d="m6 3.5 4.5 4.5L6 12.5" />,
  previous: <path d="M10 3.5 5.5 8l4.5 4.5" />,
  alert: <path d="M8 2.5 14.5 13.5h-13ZM8 6.5v3M8 11.4v.2" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {drawings[name]}
    </svg>
  );
}
