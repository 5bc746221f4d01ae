// Sets the chosen colour scheme before the first paint. A file, not an inline script, so that a strict CSP may stand.
try {
  const theme = localStorage.getItem('aios.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; the system's scheme is then used.
}
