//! Cases for values that are not numbers.

use typenet::spec::{Dims, Join, Op, Spec, Window};

use super::{EMPTY, RELU, Table, axis, branch, ceil, chain, conv, linear, more, same, square};

/// Few, small cases for values that are not numbers: each is run once for each
/// value at each position.
pub fn special_table() -> Vec<super::Case> {
    let mut table = Table::default();
    let both = |h, w| Window { h, w };
    table.conv("special", (1, 3, 4), 1, square(3, 1, 1, 1));
    table.conv("special", (2, 4, 3), 9, square(2, 2, 1, 1));
    table.conv("special", (9, 2, 3), 2, square(1, 1, 1, 1));
    table.conv("special", (2, 4, 5), 3, both(axis(2, 1, 2, 2), axis(3, 3, 1, 1)));
    table.conv("special", (2, 3, 4), 2, Window::square(same(3, 2, 1, false)));
    table.conv("special", (8, 2, 2), 16, square(3, 1, 1, 1));
    table.grouped("special", (4, 3, 3), 4, square(3, 1, 1, 1), 4);
    table.grouped("special", (4, 3, 2), 6, square(2, 1, 1, 1), 2);
    table.pools("special", (1, 2, 2), square(2, 1, 0, 1));
    table.pools("special", (2, 3, 4), square(3, 2, 1, 1));
    table.pools("special", (9, 2, 3), square(2, 1, 1, 1));
    table.pools("special", (2, 4, 3), both(ceil(axis(2, 3, 1, 1)), axis(2, 1, 1, 2)));
    table.add("special", Dims::image(3, 2, 3), Spec::Op(Op::GlobalAvgPool2d));
    for n in [1, 2, 5, 16, 17] {
        table.add("special", Dims::vector(n), linear(n, 3));
        table.add("special", Dims::vector(n), Spec::Op(Op::Softmax));
    }
    table.add("special", Dims::image(3, 2, 2), Spec::Op(Op::Softmax));
    table.add("special", Dims::image(2, 2, 3), Spec::Op(Op::Flatten));
    for n in [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 67, 130] {
        table.add("special", Dims::vector(n), RELU);
    }
    for function in more::FUNCTIONS {
        table.add("special", Dims::vector(3), Spec::Op(Op::Activation(function)));
    }
    more::special(&mut table);
    table.add("special", Dims::image(2, 1, 2), Spec::Op(Op::PRelu { weights: 2 }));
    table.add("special", Dims::vector(3), Spec::Op(Op::PRelu { weights: 1 }));
    table.add("special", Dims::image(3, 1, 2), Spec::Op(Op::LogSoftmax));
    // (With a convolution in it, the largest number would overflow on the way.)
    let sum = branch(Join::Add, vec![EMPTY, RELU]);
    table.add("special", Dims::image(2, 2, 3), sum);
    let concat = branch(Join::Concat, vec![RELU, EMPTY]);
    table.add("special", Dims::image(2, 2, 3), concat);
    let fused = chain(vec![conv(2, 3, square(3, 1, 1, 1), 1), RELU]);
    table.add("special", Dims::image(2, 3, 3), fused);
    table.0
}
