import { parquetMetadata, type FileMetaData } from "hyparquet";
import { ByteWriter, parquetWriteBuffer, type ColumnSource } from "hyparquet-writer";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";

/** A Parquet file of columns; rows: how many each row group has. */
export function parquet(columnData: ColumnSource[], rows: number, createdBy = "granary tests"): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: rows, createdBy }));
}

/** A Parquet file whose footer says something else than is true. */
export function lying(file: Uint8Array<ArrayBuffer>, lie: (footer: FileMetaData) => void): Uint8Array<ArrayBuffer> {
  const footer = parquetMetadata(file, { geoparquet: false });
  const end = file.length - footer.metadata_length - 8;
  for (const group of footer.row_groups) for (const column of group.columns) delete column.meta_data?.statistics;
  lie(footer);
  const writer = new ByteWriter();
  writer.appendBytes(file.subarray(0, end));
  writeMetadata(writer, footer);
  writer.appendUint32(0x31524150);
  return new Uint8Array(writer.getBuffer());
}

/**
 * A Parquet file in which a column of the first row group takes length bytes more than all else: what comes before those bytes, and what comes after them.
 * What they are is left to whoever writes them.
 */
export function swollen(file: Uint8Array<ArrayBuffer>, name: string, length: number): { head: Uint8Array<ArrayBuffer>; tail: Uint8Array<ArrayBuffer> } {
  const { metadata_length } = parquetMetadata(file, { geoparquet: false });
  const head = file.slice(0, file.length - metadata_length - 8);
  const all = lying(file, (footer) => {
    const column = footer.row_groups[0]?.columns.find((one) => one.meta_data?.path_in_schema[0] === name);
    if (column?.meta_data === undefined) throw new Error(`no column ${name}`);
    delete column.offset_index_offset;
    delete column.offset_index_length;
    delete column.meta_data.dictionary_page_offset;
    column.meta_data.data_page_offset = BigInt(head.length);
    column.meta_data.total_compressed_size = BigInt(length);
    column.meta_data.total_uncompressed_size = BigInt(length);
  });
  return { head, tail: all.slice(head.length) };
}
