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

/** Audio or video. The browser requests ranges of the file as it plays. */
export default function MediaView({ path }: LookProps): ReactElement {
  const [fault, setFault] = useState<string>();
  const [measures, setMeasures] = useState("");
  const player = useRef<HTMLVideoElement & HTMLAudioElement>(null);
  const reached = useRef(0); // seconds, at which an error ended it
  const type = mediaType(endingOf(nameOf(path)));
  const address = `${downloadAddress(path)}${type === undefined ? "" : `&mediatype=${encodeURIComponent(type)}`}`;
  useEffect(() => {
    const { current } = player;
    if (current === null) return undefined;
    current.src = address; // not in the rendering, since events of an element that is not in the page yet would be lost
    return () => {
      current.removeAttribute("src");
      current.load(); // cancels pending requests
    };
  }, [address, fault]);
  /** Finds out why nothing plays. Players do not reveal the server's answer, so that a refusal looks like an unknown format; the server is asked once more. */
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
      <Refused path={path} title="Cannot be played" words={fault}>
        <button type="button" onClick={() => setFault(undefined)}>
          Try again
        </button>
      </Refused>
    );
  }
  const goOn = (e: SyntheticEvent<HTMLMediaElement>) => {
    if (reached.current > 0) e.currentTarget.currentTime = reached.current;
    reached.current = 0;
  };
  const shared = {
    ref: player,
    controls: true,
    preload: "metadata",
    "aria-label": visible(nameOf(path)),
    onError: ({ currentTarget: { currentTime, error } }: SyntheticEvent<HTMLMediaElement>) => {
      if (currentTime > 0) reached.current = currentTime; // else it has not even begun again
      void explain(error);
    },
  };
  return (
    <div className="look-page filled stage">
      {type?.startsWith("audio/") === true ? (
        <audio {...shared} onLoadedMetadata={goOn} />
      ) : (
        <video
          {...shared}
          playsInline
          onLoadedMetadata={(e) => {
            goOn(e);
            const { videoWidth, videoHeight } = e.currentTarget;
            setMeasures(videoWidth > 0 ? `${videoWidth} × ${videoHeight} pixels` : "Only the sound of this file can be played. This browser does not support its video format.");
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
      return "The connection was lost while the file was being loaded.";
    case MediaError.MEDIA_ERR_DECODE:
      return "The file is damaged, or this browser does not support its format.";
    default:
      return "This browser does not support files of this format, or the file is not what its name says.";
  }
}
