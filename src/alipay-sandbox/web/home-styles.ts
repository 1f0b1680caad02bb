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
.home .card > :last-child {
  margin-bottom: 0;
}
.home td.wide {
  min-width: 9rem;
  overflow-wrap: anywhere;
}
.home input,
.home select {
  height: 3rem;
}
.controls {
  margin: 0;
  display: flex;
  flex-wrap: wrap;
  gap: 0.9rem 2rem;
}
.controls dt {
  color: var(--dim);
  font-size: 0.85rem;
  margin-bottom: 0.3rem;
}
.controls dd {
  margin: 0;
}
button.current {
  border-color: var(--blue);
  color: var(--blue-dark);
  font-weight: 600;
}
button.danger {
  color: var(--bad);
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
.row.tight {
  gap: 0.3rem;
}
.tight button {
  padding: 0.2rem 0.6rem;
  font-size: 0.85rem;
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
tr:last-child td {
  border-bottom: none;
}
.num {
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
@media (max-width: 46rem) {
  table,
  tbody,
  tr,
  .home td {
    display: block;
  }
  thead {
    display: none;
  }
  tr {
    padding: 0.6rem 0;
    border-bottom: 1px solid var(--line);
  }
  tr:last-child {
    border-bottom: none;
    padding-bottom: 0;
  }
  .home td {
    display: grid;
    grid-template-columns: 7.5rem 1fr;
    gap: 0.5rem;
    padding: 0.15rem 0;
    border: none;
    text-align: left;
    overflow-wrap: anywhere;
  }
  .home td.empty {
    display: none;
  }
  .home td::before {
    content: attr(data-head);
    color: var(--dim);
    font-size: 0.85rem;
  }
  .tag {
    justify-self: start;
  }
}
`;
