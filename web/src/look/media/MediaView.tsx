import { useEffect, useRef, useState, type ReactElement, type SyntheticEvent } from "react";
import { wordsFor } from "../../api/client";
import { downloadAddress } from "../../listing/actions";
import { nameOf, visible } from "../../path";
import { readPart } from "../bytes";
import { Refused } from "../Guard";
import { endingOf } from "../kind";
import type { LookProps } from "../Look";
import { mediaType } from "./types";
import "./media.css";

/** Sound or a film. The browser asks for the parts that it plays: the server answers ranges. */
export default function MediaView({ path }: LookProps): ReactElement {
  const [fault, setFault] = useState<string>();
  const [measures, setMeasures] = useState("");
  const player = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  const type = mediaType(endingOf(nameOf(path)));
  const address = `${downloadAddress(path)}${type === undefined ? "" : `&mediatype=${encodeURIComponent(type)}`}`;
  useEffect(() => {
    const { current } = player;
    if (current === null) return undefined;
    current.src = address; // here, and not when it is drawn: what happens to an element that is not in the page yet is told to nobody
    return () => {
      current.removeAttribute("src");
      current.load(); // ends what is on its way
    };
  }, [address, fault]);
  /** Says why nothing is played. Players tell nobody what the server answered, and so what it refused looks to them as what they do not know: it is asked once more. */
  const explain = async (error: MediaError | null) => {
    const words = wordsOf(error);
    try {
      await readPart(path, 0, 1);
      setFault(words);
    } catch (e) {
      setFault(wordsFor(e));
    }
  };
  if (fault !== undefined) {
    return (
      <Refused path={path} title="This is not played" words={fault}>
        <button type="button" onClick={() => setFault(undefined)}>
          Try again
        </button>
      </Refused>
    );
  }
  const shared = {
    ref: player,
    controls: true,
    preload: "metadata",
    "aria-label": visible(nameOf(path)),
    onError: (e: SyntheticEvent<HTMLMediaElement>) => void explain(e.currentTarget.error),
  };
  return (
    <div className="look-page filled stage">
      {type?.startsWith("audio/") === true ? (
        <audio {...shared} />
      ) : (
        <video
          {...shared}
          playsInline
          onLoadedMetadata={(e) => {
            const { videoWidth, videoHeight } = e.currentTarget;
            setMeasures(videoWidth > 0 ? `${videoWidth} × ${videoHeight} pixels` : "There is sound in this file, and no picture that this browser knows.");
          }}
        />
      )}
      {measures !== "" && <p className="faint">{measures}</p>}
    </div>
  );
}

function wordsOf(error: MediaError | null): string {
  switch (error?.code) {
    case MediaError.MEDIA_ERR_NETWORK:
      return "The connection was lost while it was read.";
    case MediaError.MEDIA_ERR_DECODE:
      return "Its data is damaged, or of a form that this browser does not know.";
    default:
      return "This browser does not play files of this form, or the file is not what its name says.";
  }
}
