// Begins: draws what is seen first, and listens to keys.

const themes = ['auto', 'light', 'dark'];
const setTheme = (theme) => {
  if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset.theme = theme;
  byId('theme').textContent = { auto: '◐ auto', light: '○ light', dark: '● dark' }[theme];
  byId('theme').setAttribute('aria-label', `Colours: ${theme}. Change`);
  try {
    localStorage.setItem('keepscope-theme', theme);
  } catch {
    /* Not every browser lets a file remember. */
  }
};
byId('theme').addEventListener('click', () => {
  const now = document.documentElement.dataset.theme ?? 'auto';
  setTheme(themes[(themes.indexOf(now) + 1) % themes.length]);
});
let remembered = null;
try {
  remembered = localStorage.getItem('keepscope-theme');
} catch {
  /* As above. */
}
setTheme(themes.includes(remembered) ? remembered : 'auto');

addEventListener('keydown', (event) => {
  const typing = event.target.matches?.('input, select, textarea');
  if (event.key === '/' && !typing && !dialog.open) {
    event.preventDefault();
    byId('search').focus();
    byId('search').select();
  } else if (event.target === byId('search') && (event.key === 'ArrowDown' || event.key === 'Enter')) {
    event.preventDefault();
    table.focus();
  } else if (event.target === byId('search') && event.key === 'Escape' && byId('search').value === '') {
    table.focus();
  }
});

drawSummary();
table.begin();
drawFindings();
drawSpreads();
drawWays();
drawCapture();
byId('others').textContent = visible(overview.others ?? '');

let width = innerWidth;
addEventListener('resize', () => {
  if (innerWidth === width) return;
  width = innerWidth;
  drawWays();
  if (dialog.open) redrawFlow();
});
const wanted = () => {
  const index = /^#flow-(\d+)$/.exec(location.hash)?.[1];
  if (index !== undefined) openFlow(Number(index));
};
addEventListener('hashchange', wanted);
wanted();
document.documentElement.dataset.ready = '';
