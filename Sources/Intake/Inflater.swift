// Who inflates: `RawInflate`, or ISA-L where the package trait FastInflate is on. What is read
// is the same.

#if FastInflate
  package typealias Inflater = IsalInflate
#else
  package typealias Inflater = RawInflate
#endif
