import { Caller, person, project } from "./house";
import { event, image, png, scalar } from "./tfevents";

/** A directory in which trainings write. */
export interface Training {
  user: string;
  dir: string;
  caller: Caller;
}

/** A user with a project, whose Logs are for event files. */
export function training(user = person(), name = project(user)): Training {
  return { user, dir: `/Projects/${name}/Logs`, caller: new Caller(user) };
}

const began = 1_764_201_600; // seconds since 1970

/** The loss of a training at a step: it falls, with noise that is the same in each run of the tests. */
export function loss(step: number, rate: number): number {
  return Math.exp(-step * rate) + 0.08 * Math.sin(step * 12.9898) * Math.cos(step * 4.1414) + 0.12;
}

/** The records of the steps from first to last: loss and accuracy of training, and each tenth step those of validation. */
export function steps(first: number, last: number, rate: number): Buffer<ArrayBuffer> {
  const records = [];
  for (let step = first; step <= last; step++) {
    const now = loss(step, rate);
    const values = [scalar("train/loss", now), scalar("train/accuracy", 1 - now * 0.6), scalar("learning_rate", 0.1 * 0.99 ** step)];
    if (step % 10 === 0) values.push(scalar("validation/loss", now * 1.2 + 0.05));
    records.push(event(began + step * 2, step, ...values));
  }
  return Buffer.concat(records);
}

/** A record with an image of a step: a ring that grows. */
export function ring(tag: string, step: number): Buffer<ArrayBuffer> {
  const side = 48;
  const shade = (x: number, y: number) => 255 * Math.exp(-(((Math.hypot(x - side / 2, y - side / 2) - (step % 100) / 6 - 6) / 3) ** 2));
  return event(began + step * 2, step, image(tag, side, side, png(side, shade)));
}
