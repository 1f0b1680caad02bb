/** What only the overview page needs. */
export const HOME_STYLES = `
.home {
  max-width: 80rem;
  margin: 1rem auto 3rem;
  padding: 0 1rem;
  display: grid;
  gap: 1rem;
  grid-template-columns: minmax(0, 1fr);
}
.home .card {
  padding: 1.1rem 1.2rem;
  overflow-x: auto;
  min-width: 0;
}
.home table {
  min-width: 46rem;
}
.home td.wrap {
  min-width: 10rem;
}
.tiles {
  display: grid;
  gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
}
.tiles strong {
  display: block;
  font-size: 1.2rem;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}
.row {
  display: flex;
  flex-wrap: wrap;
  gap: 0.6rem;
  align-items: end;
}
.row label {
  margin: 0;
  flex: 1 1 9rem;
}
.row form,
form.inline {
  display: inline-flex;
  gap: 0.4rem;
}
table {
  width: 100%;
  border-collapse: collapse;
  font-size: 0.9rem;
}
th {
  text-align: left;
  color: var(--dim);
  font-weight: 500;
}
th,
td {
  padding: 0.45rem 0.6rem;
  border-bottom: 1px solid var(--line);
  vertical-align: top;
}
td.num {
  text-align: right;
  font-variant-numeric: tabular-nums;
  white-space: nowrap;
}
.tag {
  font-size: 0.8rem;
  border-radius: 1rem;
  padding: 0.1rem 0.6rem;
  background: var(--soft);
  white-space: nowrap;
}
.tag.good {
  background: var(--good-soft);
  color: var(--good);
}
.tag.bad {
  background: var(--bad-soft);
  color: var(--bad);
}
`;
