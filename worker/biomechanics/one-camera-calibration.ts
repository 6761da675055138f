/** Made by `npm run accuracy -- --set full --calibrate`: not written by hand. */
export const oneCameraCalibration = {
  clips: 0,
  views: {
    side: {
      joints: {
        shoulder: {
          across: 0.06,
          along: 0.06,
        },
        elbow: {
          across: 0.06,
          along: 0.06,
        },
        wrist: {
          across: 0.06,
          along: 0.06,
        },
        index: {
          across: 0.06,
          along: 0.06,
        },
        hip: {
          across: 0.06,
          along: 0.06,
        },
        knee: {
          across: 0.06,
          along: 0.06,
        },
        ankle: {
          across: 0.06,
          along: 0.06,
        },
      },
      correlationSeconds: 0.15,
      eventErrorsSeconds: {},
      biases: {},
      intervalScales: {},
      notMeasurable: [],
    },
    quarter: {
      joints: {
        shoulder: {
          across: 0.06,
          along: 0.06,
        },
        elbow: {
          across: 0.06,
          along: 0.06,
        },
        wrist: {
          across: 0.06,
          along: 0.06,
        },
        index: {
          across: 0.06,
          along: 0.06,
        },
        hip: {
          across: 0.06,
          along: 0.06,
        },
        knee: {
          across: 0.06,
          along: 0.06,
        },
        ankle: {
          across: 0.06,
          along: 0.06,
        },
      },
      correlationSeconds: 0.15,
      eventErrorsSeconds: {},
      biases: {},
      intervalScales: {},
      notMeasurable: [],
    },
    end: {
      joints: {
        shoulder: {
          across: 0.06,
          along: 0.06,
        },
        elbow: {
          across: 0.06,
          along: 0.06,
        },
        wrist: {
          across: 0.06,
          along: 0.06,
        },
        index: {
          across: 0.06,
          along: 0.06,
        },
        hip: {
          across: 0.06,
          along: 0.06,
        },
        knee: {
          across: 0.06,
          along: 0.06,
        },
        ankle: {
          across: 0.06,
          along: 0.06,
        },
      },
      correlationSeconds: 0.15,
      eventErrorsSeconds: {},
      biases: {},
      intervalScales: {},
      notMeasurable: [],
    },
  },
} as const;
