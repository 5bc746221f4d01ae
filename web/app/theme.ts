// The colour scheme: the system's, or the one the reader chose. public/theme.js applies the choice before first paint.
export type Theme = 'system' | 'light' | 'dark';

const STORAGE_KEY = 'aios.theme';
const listeners = new Set<() => void>();

export const theme = {
  get(): Theme {
    const chosen = document.documentElement.dataset.theme;
    return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
  },
  set(next: Theme): void {
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      if (next === 'system') localStorage.removeItem(STORAGE_KEY);
      else localStorage.setItem(STORAGE_KEY, next);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
    for (const listener of listeners) listener();
  },
  /** system → light → dark → system. */
  cycle(): void {
    const order: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
    theme.set(order[theme.get()]);
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
