import type { ReactNode } from 'react';

/** A table that scrolls by itself where it is wider than the page. */
export function Table(props: { readonly label: string; readonly columns: readonly string[]; readonly children: ReactNode }) {
  return (
    <div className="table card" role="region" aria-label={props.label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}
