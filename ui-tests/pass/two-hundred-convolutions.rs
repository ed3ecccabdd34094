//! A deep network needs no `recursion_limit`.

use typenet::prelude::*;

network! {
    struct Deep: [8, 32, 32] -> [8, 32, 32] {
        c1: Conv2d<8, 8, K = 3, P = 1>, c2: Conv2d<8, 8, K = 3, P = 1>, c3: Conv2d<8, 8, K = 3, P = 1>, c4: Conv2d<8, 8, K = 3, P = 1>,
        c5: Conv2d<8, 8, K = 3, P = 1>, c6: Conv2d<8, 8, K = 3, P = 1>, c7: Conv2d<8, 8, K = 3, P = 1>, c8: Conv2d<8, 8, K = 3, P = 1>,
        c9: Conv2d<8, 8, K = 3, P = 1>, c10: Conv2d<8, 8, K = 3, P = 1>, c11: Conv2d<8, 8, K = 3, P = 1>, c12: Conv2d<8, 8, K = 3, P = 1>,
        c13: Conv2d<8, 8, K = 3, P = 1>, c14: Conv2d<8, 8, K = 3, P = 1>, c15: Conv2d<8, 8, K = 3, P = 1>, c16: Conv2d<8, 8, K = 3, P = 1>,
        c17: Conv2d<8, 8, K = 3, P = 1>, c18: Conv2d<8, 8, K = 3, P = 1>, c19: Conv2d<8, 8, K = 3, P = 1>, c20: Conv2d<8, 8, K = 3, P = 1>,
        c21: Conv2d<8, 8, K = 3, P = 1>, c22: Conv2d<8, 8, K = 3, P = 1>, c23: Conv2d<8, 8, K = 3, P = 1>, c24: Conv2d<8, 8, K = 3, P = 1>,
        c25: Conv2d<8, 8, K = 3, P = 1>, c26: Conv2d<8, 8, K = 3, P = 1>, c27: Conv2d<8, 8, K = 3, P = 1>, c28: Conv2d<8, 8, K = 3, P = 1>,
        c29: Conv2d<8, 8, K = 3, P = 1>, c30: Conv2d<8, 8, K = 3, P = 1>, c31: Conv2d<8, 8, K = 3, P = 1>, c32: Conv2d<8, 8, K = 3, P = 1>,
        c33: Conv2d<8, 8, K = 3, P = 1>, c34: Conv2d<8, 8, K = 3, P = 1>, c35: Conv2d<8, 8, K = 3, P = 1>, c36: Conv2d<8, 8, K = 3, P = 1>,
        c37: Conv2d<8, 8, K = 3, P = 1>, c38: Conv2d<8, 8, K = 3, P = 1>, c39: Conv2d<8, 8, K = 3, P = 1>, c40: Conv2d<8, 8, K = 3, P = 1>,
        c41: Conv2d<8, 8, K = 3, P = 1>, c42: Conv2d<8, 8, K = 3, P = 1>, c43: Conv2d<8, 8, K = 3, P = 1>, c44: Conv2d<8, 8, K = 3, P = 1>,
        c45: Conv2d<8, 8, K = 3, P = 1>, c46: Conv2d<8, 8, K = 3, P = 1>, c47: Conv2d<8, 8, K = 3, P = 1>, c48: Conv2d<8, 8, K = 3, P = 1>,
        c49: Conv2d<8, 8, K = 3, P = 1>, c50: Conv2d<8, 8, K = 3, P = 1>, c51: Conv2d<8, 8, K = 3, P = 1>, c52: Conv2d<8, 8, K = 3, P = 1>,
        c53: Conv2d<8, 8, K = 3, P = 1>, c54: Conv2d<8, 8, K = 3, P = 1>, c55: Conv2d<8, 8, K = 3, P = 1>, c56: Conv2d<8, 8, K = 3, P = 1>,
        c57: Conv2d<8, 8, K = 3, P = 1>, c58: Conv2d<8, 8, K = 3, P = 1>, c59: Conv2d<8, 8, K = 3, P = 1>, c60: Conv2d<8, 8, K = 3, P = 1>,
        c61: Conv2d<8, 8, K = 3, P = 1>, c62: Conv2d<8, 8, K = 3, P = 1>, c63: Conv2d<8, 8, K = 3, P = 1>, c64: Conv2d<8, 8, K = 3, P = 1>,
        c65: Conv2d<8, 8, K = 3, P = 1>, c66: Conv2d<8, 8, K = 3, P = 1>, c67: Conv2d<8, 8, K = 3, P = 1>, c68: Conv2d<8, 8, K = 3, P = 1>,
        c69: Conv2d<8, 8, K = 3, P = 1>, c70: Conv2d<8, 8, K = 3, P = 1>, c71: Conv2d<8, 8, K = 3, P = 1>, c72: Conv2d<8, 8, K = 3, P = 1>,
        c73: Conv2d<8, 8, K = 3, P = 1>, c74: Conv2d<8, 8, K = 3, P = 1>, c75: Conv2d<8, 8, K = 3, P = 1>, c76: Conv2d<8, 8, K = 3, P = 1>,
        c77: Conv2d<8, 8, K = 3, P = 1>, c78: Conv2d<8, 8, K = 3, P = 1>, c79: Conv2d<8, 8, K = 3, P = 1>, c80: Conv2d<8, 8, K = 3, P = 1>,
        c81: Conv2d<8, 8, K = 3, P = 1>, c82: Conv2d<8, 8, K = 3, P = 1>, c83: Conv2d<8, 8, K = 3, P = 1>, c84: Conv2d<8, 8, K = 3, P = 1>,
        c85: Conv2d<8, 8, K = 3, P = 1>, c86: Conv2d<8, 8, K = 3, P = 1>, c87: Conv2d<8, 8, K = 3, P = 1>, c88: Conv2d<8, 8, K = 3, P = 1>,
        c89: Conv2d<8, 8, K = 3, P = 1>, c90: Conv2d<8, 8, K = 3, P = 1>, c91: Conv2d<8, 8, K = 3, P = 1>, c92: Conv2d<8, 8, K = 3, P = 1>,
        c93: Conv2d<8, 8, K = 3, P = 1>, c94: Conv2d<8, 8, K = 3, P = 1>, c95: Conv2d<8, 8, K = 3, P = 1>, c96: Conv2d<8, 8, K = 3, P = 1>,
        c97: Conv2d<8, 8, K = 3, P = 1>, c98: Conv2d<8, 8, K = 3, P = 1>, c99: Conv2d<8, 8, K = 3, P = 1>, c100: Conv2d<8, 8, K = 3, P = 1>,
        c101: Conv2d<8, 8, K = 3, P = 1>, c102: Conv2d<8, 8, K = 3, P = 1>, c103: Conv2d<8, 8, K = 3, P = 1>, c104: Conv2d<8, 8, K = 3, P = 1>,
        c105: Conv2d<8, 8, K = 3, P = 1>, c106: Conv2d<8, 8, K = 3, P = 1>, c107: Conv2d<8, 8, K = 3, P = 1>, c108: Conv2d<8, 8, K = 3, P = 1>,
        c109: Conv2d<8, 8, K = 3, P = 1>, c110: Conv2d<8, 8, K = 3, P = 1>, c111: Conv2d<8, 8, K = 3, P = 1>, c112: Conv2d<8, 8, K = 3, P = 1>,
        c113: Conv2d<8, 8, K = 3, P = 1>, c114: Conv2d<8, 8, K = 3, P = 1>, c115: Conv2d<8, 8, K = 3, P = 1>, c116: Conv2d<8, 8, K = 3, P = 1>,
        c117: Conv2d<8, 8, K = 3, P = 1>, c118: Conv2d<8, 8, K = 3, P = 1>, c119: Conv2d<8, 8, K = 3, P = 1>, c120: Conv2d<8, 8, K = 3, P = 1>,
        c121: Conv2d<8, 8, K = 3, P = 1>, c122: Conv2d<8, 8, K = 3, P = 1>, c123: Conv2d<8, 8, K = 3, P = 1>, c124: Conv2d<8, 8, K = 3, P = 1>,
        c125: Conv2d<8, 8, K = 3, P = 1>, c126: Conv2d<8, 8, K = 3, P = 1>, c127: Conv2d<8, 8, K = 3, P = 1>, c128: Conv2d<8, 8, K = 3, P = 1>,
        c129: Conv2d<8, 8, K = 3, P = 1>, c130: Conv2d<8, 8, K = 3, P = 1>, c131: Conv2d<8, 8, K = 3, P = 1>, c132: Conv2d<8, 8, K = 3, P = 1>,
        c133: Conv2d<8, 8, K = 3, P = 1>, c134: Conv2d<8, 8, K = 3, P = 1>, c135: Conv2d<8, 8, K = 3, P = 1>, c136: Conv2d<8, 8, K = 3, P = 1>,
        c137: Conv2d<8, 8, K = 3, P = 1>, c138: Conv2d<8, 8, K = 3, P = 1>, c139: Conv2d<8, 8, K = 3, P = 1>, c140: Conv2d<8, 8, K = 3, P = 1>,
        c141: Conv2d<8, 8, K = 3, P = 1>, c142: Conv2d<8, 8, K = 3, P = 1>, c143: Conv2d<8, 8, K = 3, P = 1>, c144: Conv2d<8, 8, K = 3, P = 1>,
        c145: Conv2d<8, 8, K = 3, P = 1>, c146: Conv2d<8, 8, K = 3, P = 1>, c147: Conv2d<8, 8, K = 3, P = 1>, c148: Conv2d<8, 8, K = 3, P = 1>,
        c149: Conv2d<8, 8, K = 3, P = 1>, c150: Conv2d<8, 8, K = 3, P = 1>, c151: Conv2d<8, 8, K = 3, P = 1>, c152: Conv2d<8, 8, K = 3, P = 1>,
        c153: Conv2d<8, 8, K = 3, P = 1>, c154: Conv2d<8, 8, K = 3, P = 1>, c155: Conv2d<8, 8, K = 3, P = 1>, c156: Conv2d<8, 8, K = 3, P = 1>,
        c157: Conv2d<8, 8, K = 3, P = 1>, c158: Conv2d<8, 8, K = 3, P = 1>, c159: Conv2d<8, 8, K = 3, P = 1>, c160: Conv2d<8, 8, K = 3, P = 1>,
        c161: Conv2d<8, 8, K = 3, P = 1>, c162: Conv2d<8, 8, K = 3, P = 1>, c163: Conv2d<8, 8, K = 3, P = 1>, c164: Conv2d<8, 8, K = 3, P = 1>,
        c165: Conv2d<8, 8, K = 3, P = 1>, c166: Conv2d<8, 8, K = 3, P = 1>, c167: Conv2d<8, 8, K = 3, P = 1>, c168: Conv2d<8, 8, K = 3, P = 1>,
        c169: Conv2d<8, 8, K = 3, P = 1>, c170: Conv2d<8, 8, K = 3, P = 1>, c171: Conv2d<8, 8, K = 3, P = 1>, c172: Conv2d<8, 8, K = 3, P = 1>,
        c173: Conv2d<8, 8, K = 3, P = 1>, c174: Conv2d<8, 8, K = 3, P = 1>, c175: Conv2d<8, 8, K = 3, P = 1>, c176: Conv2d<8, 8, K = 3, P = 1>,
        c177: Conv2d<8, 8, K = 3, P = 1>, c178: Conv2d<8, 8, K = 3, P = 1>, c179: Conv2d<8, 8, K = 3, P = 1>, c180: Conv2d<8, 8, K = 3, P = 1>,
        c181: Conv2d<8, 8, K = 3, P = 1>, c182: Conv2d<8, 8, K = 3, P = 1>, c183: Conv2d<8, 8, K = 3, P = 1>, c184: Conv2d<8, 8, K = 3, P = 1>,
        c185: Conv2d<8, 8, K = 3, P = 1>, c186: Conv2d<8, 8, K = 3, P = 1>, c187: Conv2d<8, 8, K = 3, P = 1>, c188: Conv2d<8, 8, K = 3, P = 1>,
        c189: Conv2d<8, 8, K = 3, P = 1>, c190: Conv2d<8, 8, K = 3, P = 1>, c191: Conv2d<8, 8, K = 3, P = 1>, c192: Conv2d<8, 8, K = 3, P = 1>,
        c193: Conv2d<8, 8, K = 3, P = 1>, c194: Conv2d<8, 8, K = 3, P = 1>, c195: Conv2d<8, 8, K = 3, P = 1>, c196: Conv2d<8, 8, K = 3, P = 1>,
        c197: Conv2d<8, 8, K = 3, P = 1>, c198: Conv2d<8, 8, K = 3, P = 1>, c199: Conv2d<8, 8, K = 3, P = 1>, c200: Conv2d<8, 8, K = 3, P = 1>,
    }
}

const _: () = assert!(Deep::PARAMS == 200 * (8 * 8 * 9 + 8));

fn main() {
    assert_eq!(Deep::summary().rows().len(), 200);
}
