/** The style of all pages: phone first, two columns where there is room, dark at night. */
export const STYLES = `
:root {
  --blue: #1668dc;
  --blue-dark: #0f4fae;
  --ink: #1d2433;
  --dim: #667085;
  --line: #e4e7ec;
  --page: #f2f5fa;
  --card: #fff;
  --soft: #f7f9fc;
  --bad: #c5221f;
  --bad-soft: #fdecea;
  --good: #14804a;
  --good-soft: #e7f6ee;
}
@media (prefers-color-scheme: dark) {
  :root {
    --blue: #2f7de9;
    --blue-dark: #5a9bf5;
    --ink: #e8ecf4;
    --dim: #98a2b3;
    --line: #2c3444;
    --page: #10141c;
    --card: #191f2b;
    --soft: #202837;
    --bad: #ff8a80;
    --bad-soft: #3a1f1f;
    --good: #6fd8a0;
    --good-soft: #16301f;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  background: var(--page);
  color: var(--ink);
  font-size: 16px;
  line-height: 1.5;
  font-family:
    system-ui,
    -apple-system,
    'PingFang SC',
    'Microsoft YaHei',
    'Noto Sans CJK SC',
    sans-serif;
}
a {
  color: var(--blue-dark);
}
.bar {
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: 1rem;
  padding: 0.7rem 1.2rem;
  background: var(--card);
  border-bottom: 1px solid var(--line);
}
.brand {
  display: flex;
  align-items: center;
  gap: 0.6rem;
  font-weight: 600;
  color: inherit;
  text-decoration: none;
}
.mark {
  display: grid;
  place-items: center;
  width: 2rem;
  height: 2rem;
  border-radius: 0.5rem;
  background: var(--blue);
  color: #fff;
}
.sandbox-note {
  text-align: center;
  font-size: 0.85rem;
  color: var(--dim);
  padding: 0.6rem 1rem 0;
}
.cashier {
  max-width: 56rem;
  margin: 1rem auto 3rem;
  padding: 0 1rem;
  display: grid;
  gap: 1rem;
}
.card {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 1rem;
  padding: 1.5rem;
  box-shadow: 0 6px 24px rgb(16 24 40 / 6%);
}
.narrow {
  max-width: 34rem;
  margin: 2rem auto;
  text-align: center;
}
.amount {
  font-size: 2.8rem;
  font-weight: 700;
  letter-spacing: -0.02em;
  margin: 0.2rem 0 1rem;
  font-variant-numeric: tabular-nums;
}
.amount small {
  font-size: 1.4rem;
  margin-right: 0.2rem;
}
.label {
  color: var(--dim);
  font-size: 0.9rem;
}
dl.facts {
  margin: 0;
  display: grid;
  gap: 0.7rem;
  border-top: 1px dashed var(--line);
  padding-top: 1rem;
}
dl.facts dt {
  color: var(--dim);
  font-size: 0.85rem;
}
dl.facts dd {
  margin: 0;
  overflow-wrap: anywhere;
}
.wrap {
  overflow-wrap: anywhere;
}
h1,
h2 {
  line-height: 1.3;
  margin: 0 0 0.8rem;
}
h1 {
  font-size: 1.4rem;
}
h2 {
  font-size: 1.1rem;
}
label {
  display: block;
  margin-bottom: 0.9rem;
  font-size: 0.9rem;
  color: var(--dim);
}
input,
select,
textarea {
  display: block;
  width: 100%;
  margin-top: 0.25rem;
  padding: 0.7rem 0.8rem;
  font: inherit;
  color: var(--ink);
  background: var(--soft);
  border: 1px solid var(--line);
  border-radius: 0.6rem;
}
button,
.button {
  font: inherit;
  cursor: pointer;
  border-radius: 0.6rem;
  border: 1px solid var(--line);
  background: var(--soft);
  color: var(--ink);
  padding: 0.5rem 0.9rem;
  text-decoration: none;
  display: inline-block;
}
button:hover,
.button:hover {
  border-color: var(--blue);
}
:focus-visible {
  outline: 3px solid color-mix(in srgb, var(--blue) 45%, transparent);
  outline-offset: 2px;
}
.pay {
  width: 100%;
  padding: 0.9rem;
  font-size: 1.1rem;
  font-weight: 600;
  color: #fff;
  background: var(--blue);
  border-color: var(--blue);
}
.pay:hover {
  filter: brightness(1.07);
}
.under {
  display: flex;
  justify-content: space-between;
  align-items: center;
  gap: 1rem;
  margin-top: 1rem;
}
.quiet {
  background: none;
  border: none;
  padding: 0.4rem 0;
  color: var(--blue-dark);
  text-decoration: underline;
}
.alert {
  background: var(--bad-soft);
  color: var(--bad);
  border-radius: 0.6rem;
  padding: 0.7rem 0.9rem;
  margin: 0 0 1rem;
}
.ok {
  background: var(--good-soft);
  color: var(--good);
  border-radius: 0.6rem;
  padding: 0.7rem 0.9rem;
  margin: 0 0 1rem;
}
.round {
  width: 4rem;
  height: 4rem;
  border-radius: 50%;
  margin: 0 auto 1rem;
  display: grid;
  place-items: center;
  font-size: 2rem;
  background: var(--good-soft);
  color: var(--good);
}
.round.bad {
  background: var(--bad-soft);
  color: var(--bad);
}
@media (min-width: 46rem) {
  .cashier {
    grid-template-columns: 1.1fr 1fr;
    align-items: start;
    margin-top: 2rem;
  }
}
`;
