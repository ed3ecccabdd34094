//! Bytes as numbers, where they lie.

/// The numbers that start at the first byte; `None` if they are not aligned, not
/// whole, or would have to be turned around because the processor is big-endian.
pub(super) fn numbers(bytes: &[u8]) -> Option<&[f32]> {
    // SAFETY: every pattern of 32 bits is an `f32`; `align_to` sees to alignment.
    let (before, numbers, behind) = unsafe { bytes.align_to::<f32>() };
    (before.is_empty() && behind.is_empty() && cfg!(target_endian = "little")).then_some(numbers)
}
