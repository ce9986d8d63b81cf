import type { ReactElement, ReactNode } from "react";
import { count, size } from "../format";
import { Link } from "../parts/Link";
import { visible } from "../path";
import { plainView, useAddress } from "../place";
import type { Footer } from "./footer";
import { bytesOf } from "./ParquetRows";
import "./schema.css";

const listed = 500; // most elements of the schema, and row groups, that are listed

/** The metadata of a Parquet file: its columns with types and sizes, its row groups, and the program that wrote it. */
export function Schema({ footer, length, views }: { footer: Footer; length: number; views: ReactNode }): ReactElement {
  const { place } = useAddress();
  const chunks = footer.groups.flatMap((group) => group.chunks.flat());
  const packed = chunks.reduce((n, chunk) => n + chunk.to - chunk.from, 0);
  const unpacked = chunks.reduce((n, chunk) => n + chunk.unpacked, 0);
  const codecs = [...new Set(chunks.map((chunk) => chunk.codec.toLowerCase()))];
  let field = -1;
  return (
    <section className="table-view schema" aria-label="Schema">
      <div className="table-tools">{views}</div>
      <div className="schema-body">
        <dl className="schema-facts">
          <dt>Rows</dt>
          <dd>{footer.rows.toLocaleString("en")}</dd>
          <dt>Columns</dt>
          <dd>{footer.fields.length.toLocaleString("en")}</dd>
          <dt>Row groups</dt>
          <dd>{footer.groups.length.toLocaleString("en")}</dd>
          <dt>Compression</dt>
          <dd>
            {codecs.join(", ") || "no data"}: {size(unpacked)} compressed to {size(packed)}, in a file of {size(length)}
          </dd>
          <dt>Written by</dt>
          <dd>
            {footer.createdBy === "" ? <span className="faint">unknown</span> : <bdi>{visible(footer.createdBy)}</bdi>}, format version {footer.version}
          </dd>
          {footer.keys.length > 0 && (
            <>
              <dt>Metadata keys</dt>
              <dd className="wrap">{footer.keys.slice(0, 20).map(({ key, length: letters }) => `${visible(key)} (${count(letters, "character")})`).join(", ")}</dd>
            </>
          )}
        </dl>
        <h2>Columns</h2>
        <div className="schema-scroll" tabIndex={0} role="region" aria-label="Columns">
          <table className="schema-table">
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Type</th>
                <th scope="col">Nullable</th>
                <th scope="col" className="right">Compressed</th>
                <th scope="col" className="right">Uncompressed</th>
                <th scope="col">Codec</th>
              </tr>
            </thead>
            <tbody>
              {footer.schema.slice(0, listed).map((element, i) => {
                const top = element.depth === 0;
                if (top) field++;
                const own = top ? footer.groups.flatMap((group) => group.chunks[field] ?? []) : [];
                return (
                  <tr key={i}>
                    <th scope="row" style={{ paddingLeft: 10 + 18 * element.depth }}>
                      <bdi>{visible(element.name)}</bdi>
                    </th>
                    <td>{element.type}</td>
                    <td>{element.nullable ? "yes" : "no"}</td>
                    <td className="right">{top && size(footer.groups.reduce((n, group) => n + bytesOf(group, field), 0))}</td>
                    <td className="right">{top && size(own.reduce((n, chunk) => n + chunk.unpacked, 0))}</td>
                    <td>{[...new Set(own.map((chunk) => chunk.codec.toLowerCase()))].join(", ")}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
        {footer.schema.length > listed && <p className="faint">The first {listed} of {count(footer.schema.length, "element")} are listed.</p>}
        <h2>Row groups</h2>
        <div className="schema-scroll" tabIndex={0} role="region" aria-label="Row groups">
          <table className="schema-table">
            <thead>
              <tr>
                <th scope="col" className="narrow">Number</th>
                <th scope="col">Rows</th>
                <th scope="col" className="right">Count</th>
                <th scope="col" className="right">Compressed</th>
                <th scope="col">Page index</th>
              </tr>
            </thead>
            <tbody>
              {footer.groups.slice(0, listed).map((group, i) => (
                <tr key={i}>
                  <th scope="row">{(i + 1).toLocaleString("en")}</th>
                  <td>
                    <Link to={place} view={{ ...plainView, more: { row: String(group.first + 1) } }}>
                      {(group.first + 1).toLocaleString("en")} to {(group.first + group.rows).toLocaleString("en")}
                    </Link>
                  </td>
                  <td className="right">{group.rows.toLocaleString("en")}</td>
                  <td className="right">{size(group.chunks.reduce((n, _, column) => n + bytesOf(group, column), 0))}</td>
                  <td>{group.chunks.flat().every((chunk) => chunk.indexed) ? "yes" : "no"}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {footer.groups.length > listed && <p className="faint">The first {listed} of {count(footer.groups.length, "row group")} are listed.</p>}
      </div>
    </section>
  );
}
