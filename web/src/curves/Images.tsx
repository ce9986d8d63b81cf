import { useRef, useState, type ReactElement } from "react";
import { wordsFor } from "../api/client";
import { size } from "../format";
import { damaged } from "../look/image/load";
import { useBlobAddress } from "../look/image/useBlobAddress";
import { Empty } from "../parts/states";
import { visible, type Path } from "../path";
import { useLinked } from "../place";
import { imageAddress, shotAt, shotsOf, useImages, usePicture, type RunImage } from "./images";
import { moment } from "./numbers";
import type { Stroke } from "./palette";
import { useTagsAgain, type Run, type RunTag } from "./runs";
import { Swatch } from "./Swatch";
import { TagFilter } from "./TagFilter";
import { useFiltered } from "./tags";
import { useInView } from "./useInView";

interface ImagesProps {
  dir: Path;
  tags: readonly RunTag[];
  runs: readonly Run[];
  strokes: ReadonlyMap<string, Stroke>;
  /** Shown between the tools and the images. */
  notes: ReactElement;
}

/** The images that runs have written, by tag. All runs show the same step, so that they can be compared. */
export function Images({ dir, tags, runs, strokes, notes }: ImagesProps): ReactElement {
  const [filter, setFilter] = useLinked("tags");
  const filtered = useFiltered(tags, filter);
  const [stepText, setStep] = useLinked("step");
  const step = stepText !== "" && Number.isFinite(Number(stepText)) ? Number(stepText) : undefined;
  if (tags.length === 0) {
    return (
      <>
        {notes}
        <Empty icon="image" title="No images yet">
          <p>Images that a run writes with add_image, add_video or tf.summary.image appear here.</p>
        </Empty>
      </>
    );
  }
  return (
    <>
      <div className="chart-tools">
        <TagFilter value={filter} onChange={(text) => setFilter(text, true)} fault={filtered.fault} />
      </div>
      {notes}
      {filtered.tags.length === 0 && <Empty icon="search" title="No tags match" />}
      {filtered.tags.map((tag) => (
        <section key={tag.tag} className="group">
          <h2 className="image-tag">
            <bdi>{visible(tag.tag)}</bdi>
          </h2>
          <div className="charts">
            {runs
              .filter((run) => tag.runs.includes(run.run))
              .map((run) => (
                <ImageCard key={run.run} dir={dir} run={run} tag={tag.tag} stroke={strokes.get(run.run)} step={step} onStep={(to) => setStep(to === undefined ? "" : String(to), true)} />
              ))}
          </div>
        </section>
      ))}
    </>
  );
}

interface ImageCardProps {
  dir: Path;
  run: Run;
  tag: string;
  stroke: Stroke | undefined;
  step: number | undefined;
  /** Called with a step, or with undefined for the latest. */
  onStep: (step: number | undefined) => void;
}

/** The images of a tag in one run, at the step that a slider selects. */
function ImageCard({ dir, run, tag, stroke, step, onStep }: ImageCardProps): ReactElement {
  const card = useRef<HTMLElement>(null);
  const near = useInView(card);
  const list = useImages(dir, run, tag, near);
  const known = list.isPlaceholderData || list.data?.partial !== false ? undefined : list.data;
  useTagsAgain(dir, known?.images.length === 0, known);
  const shots = shotsOf(list.data?.images ?? []);
  const at = shotAt(shots, step);
  const shot = shots[at];
  const name = `${visible(tag)} of ${visible(run.run)}`;
  return (
    <article ref={card} className="chart shots" aria-label={name}>
      <header>
        {stroke !== undefined && <Swatch stroke={stroke} />}
        <h3 title={visible(run.run)}>
          <bdi>{visible(run.run)}</bdi>
        </h3>
        {shot !== undefined && <span className="faint">{moment(shot.samples[0]?.wallTime ?? 0)}</span>}
      </header>
      <div className="shot">
        {near && shot?.samples.map((image) => <Shown key={image.sample} address={imageAddress(dir, run.run, tag, image)} image={image} label={`${name}, step ${image.step}`} />)}
        {list.error !== null && (
          <p className="fault" role="alert">
            {wordsFor(list.error)}
          </p>
        )}
      </div>
      {shot !== undefined && (
        <label className="step">
          <span>
            Step <strong>{shot.step.toLocaleString("en")}</strong>
            {list.data?.thinned === true && <span className="faint"> some steps are omitted</span>}
          </span>
          <input
            type="range"
            min={0}
            max={Math.max(0, shots.length - 1)}
            value={at}
            disabled={shots.length < 2}
            aria-valuetext={`step ${shot.step}`}
            onChange={(e) => {
              const to = Number(e.target.value);
              onStep(to === shots.length - 1 ? undefined : shots[to]?.step);
            }}
          />
        </label>
      )}
    </article>
  );
}

/** An image, or why it is not shown. Small images are enlarged, with their pixels visible. */
function Shown({ address, image, label }: { address: string; image: RunImage; label: string }): ReactElement | null {
  const picture = usePicture(address, image);
  const place = useBlobAddress(picture.data?.blob);
  const [broken, setBroken] = useState<Blob>();
  if (image.type === undefined) return <p className="refused">This image is no PNG, JPEG or GIF, and cannot be shown.</p>;
  if (picture.data === undefined && picture.error !== null) return <p className="refused">{wordsFor(picture.error)}</p>;
  if (place === undefined || picture.data === undefined) return null;
  const { blob, width, height } = picture.data;
  if (broken === blob) return <p className="refused">{damaged}</p>;
  const small = width <= 128;
  return <img src={place} alt={label} title={`${width} × ${height}, ${size(image.length)}`} className={small ? "pixels" : undefined} decoding="async" onError={() => setBroken(blob)} />;
}
