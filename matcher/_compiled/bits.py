"""Two instructions of processors for the bits of a word, for which numba has no name: ctpop and cttz of LLVM."""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


@intrinsic
def how_many(typing, word):
    """Count the bits of a word that are set."""

    def code(context, builder, signature, args):
        return builder.ctpop(args[0])

    return types.uint64(types.uint64), code


@intrinsic
def lowest(typing, word):
    """Return the place of the lowest bit that is set; of 0 the result is undefined."""

    def code(context, builder, signature, args):
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), code
